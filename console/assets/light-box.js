/* 大图 A photo of a record, large, in a dialog of the browser's own: arrows go to the next, Esc or a press beside it shuts. */

let pictures = [], box = null, at = 0

function made() {
  const dialog = document.createElement("dialog")
  dialog.className = "light-box"
  dialog.setAttribute("aria-label", "大图")
  const image = document.createElement("img"), said = document.createElement("p"), remarks = document.createElement("p")
  remarks.className = "remark"
  const button = (words, label, deed) => {
    const one = document.createElement("button")
    one.type = "button"
    one.className = "btn"
    one.textContent = words
    one.setAttribute("aria-label", label)
    one.addEventListener("click", deed)
    return one
  }
  const bar = document.createElement("div")
  bar.className = "bar"
  const back = button("‹", "上一张", () => show(at - 1)), next = button("›", "下一张", () => show(at + 1))
  bar.append(back, said, next, button("×", "合上", () => dialog.close()))
  dialog.append(image, bar, remarks)
  dialog.addEventListener("click", event => { if (event.target === dialog) dialog.close() })
  dialog.addEventListener("close", () => pictures[at].focus())
  dialog.addEventListener("keydown", event => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
    if (step) { event.preventDefault(); show(at + step) }
  })
  document.body.append(dialog)
  return { dialog, image, said, remarks, back, next }
}

function show(number) {
  if (number < 0 || number >= pictures.length) return
  at = number
  box = box || made()
  const { href, dataset } = pictures[at]
  box.image.src = href
  box.image.alt = dataset.said || "照片"
  box.said.textContent = `${dataset.said}（${at + 1}/${pictures.length}）`
  box.remarks.textContent = dataset.remarks
  box.back.disabled = at === 0
  box.next.disabled = at === pictures.length - 1
  if (!box.dialog.open) box.dialog.showModal()
}

// Of the document: beside the map a record is put in anew.
addEventListener("click", event => {
  const pressed = event.target.closest("a[data-picture]")
  if (!pressed || event.ctrlKey || event.metaKey || event.shiftKey || !window.HTMLDialogElement) return
  event.preventDefault()
  pictures = [...document.querySelectorAll("a[data-picture]")]
  show(pictures.indexOf(pressed))
})
