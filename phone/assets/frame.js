// The page's frame: which screen stands, how it is drawn, what a finger does. A screen is a table of its own (screens/*.js):
//   route   where it stands: #/route/ARG/ARG
//   draw(…args) → html, asked anew whenever what it shows may have changed
//   deeds   { name(of, …args) } for each `data-deed="name" data-of="of"` that is pressed
//   words(name, value, …args)   after each stroke in a field with a name
//   picked(name, value, …args)  after a choice in a field with a name (select, checkbox, date)
//   submits { name(form, …args) } for each <form data-submit="name">
//   still   true: what changes on the phone does not redraw it while somebody works on it
//   hears(what)  of a still screen: what redraws it nevertheless
//   leave() when another screen takes its place
import * as store from "./store.js"

export const app = document.getElementById("app")
const screens = new Map()
let strokes = 0 // of a keyboard so far, counted when they are kept
let standing = null, shown = "", drawing = Promise.resolve(), soon = 0
const heard = new Set()

export const register = (...all) => all.forEach(screen => screens.set(screen.route, screen))
export const has = route => screens.has(route)
export const go = route => { if (location.hash === `#/${route}`) draw(); else location.hash = `#/${route}` }

const where = () => {
  const [route, ...args] = decodeURIComponent(location.hash.replace(/^#\/?/, "")).split("/")
  return { screen: screens.get(route) || screens.get(""), args }
}

// --- what went wrong, said at the top until the next deed --------------------------------------------------------------------------
let said = ""
export const wrong = words => { said = words; draw() }
export const fault = () => said

// --- drawing: one after another, so that the last asked for is what stands -----------------------------------------------------------
export function draw() {
  drawing = drawing.then(drawNow).catch(error => console.error(error))
  return drawing
}

// Whoever is signed in, or whose token ended by itself: that one goes on writing, and signs in later.
const known = async () => Boolean((await store.get("person")) && ((await store.get("token")) || (await store.get("lapsed"))))

// A draft that another page of this phone has saved or dropped while this one had it open.
export class Gone extends Error {}
function left(error) {
  if (!(error instanceof Gone)) throw error
  return `<main class="stack"><p class="card empty" role="status">${error.message}</p><a class="btn go" href="#/queue">看队列</a><a class="btn" href="#/">回首页</a></main>`
}

async function drawNow() {
  const { screen, args } = where()
  if (!screen.open && !(await known())) return void (location.hash = "#/sign-in")
  let words, before
  do { before = strokes; words = String(await screen.draw(...args).catch(left)) } while (strokes !== before) // what is written meanwhile is not drawn over
  if (screen !== standing && standing && standing.leave) standing.leave()
  const same = screen === standing && words === shown
  if (same) return
  const moved = screen !== standing
  standing = screen
  shown = words
  put(words, moved)
  app.dataset.screen = screen.route
  if (moved) { scrollTo(0, 0); const title = app.querySelector("h1"); document.title = title ? `${title.textContent} · ${NAME}` : NAME }
  if (screen.drawn) screen.drawn(...args)
}
const NAME = document.title

// What was written, what was unfolded, what was pressed once and where the finger stood stay over a redraw.
function put(words, moved) {
  const at = document.activeElement, key = app.contains(at) ? keyOf(at) : null
  const caret = key && "selectionStart" in at ? [at.selectionStart, at.selectionEnd] : null, value = key && at.value
  const unfolded = [...app.querySelectorAll("details[open]")].map(placeOf)
  app.innerHTML = words
  if (armed) hold(moved)
  for (const each of app.querySelectorAll("details")) if (unfolded.includes(placeOf(each))) each.open = true
  const again = key && app.querySelector(key)
  if (!again) return
  again.focus({ preventScroll: true })
  if (/^(text|search|)$/.test(at.type === "textarea" ? "" : at.type || "-")) again.value = value // a stroke that is not kept yet stays
  if (caret && caret[0] !== null && again.value === value) again.setSelectionRange(...caret)
}
const placeOf = details => { const part = details.closest("[data-finding]"); return `${part ? part.dataset.finding : app.dataset.screen} ${details.firstElementChild.textContent}` }
function keyOf(element) {
  const { deed, of } = element.dataset
  if (deed) return `[data-deed="${CSS.escape(deed)}"][data-of="${CSS.escape(of || "")}"]`
  return element.name ? `[name="${CSS.escape(element.name)}"]` : null
}

const writing = () => app.contains(document.activeElement) && /INPUT|TEXTAREA|SELECT/.test(document.activeElement.tagName)
const deaf = what => standing && standing.still && !(standing.hears && standing.hears(what))
store.onChange(what => {
  heard.add(what)
  if (!soon) soon = setTimeout(() => {
    const some = [...heard].some(each => !deaf(each))
    heard.clear()
    soon = 0
    if (some && !writing()) draw()
  }, 150)
})

// --- what a finger does -----------------------------------------------------------------------------------------------------------
async function does(deed, ...words) {
  said = ""
  try { await deed(...words) } catch (error) { wrong(sentence(error)) }
}
const CHINESE = /[\u4e00-\u9fff]/
export function sentence({ name, message }) {
  if (name === "QuotaExceededError") return "手机空间不够，没有存下。请先清出空间，或到“队列”导出。"
  return CHINESE.test(message) ? message : `没有做成，已存的都在。再点一次；还不行，关掉页面重开（${name}）。`
}

// What cannot be brought back is pressed twice; any other press lets it go.
let armed = null
function arm(button) {
  armed = { button, words: button.innerHTML, label: button.getAttribute("aria-label") }
  button.textContent = button.dataset.sure
  button.setAttribute("aria-label", button.dataset.sure)
  button.classList.add("sure")
}
function hold(moved) {
  const again = moved ? null : [...app.querySelectorAll("[data-sure]")].find(each => keyOf(each) === keyOf(armed.button))
  armed = null
  if (again) arm(again)
}
function disarm() {
  const { button, words, label } = armed
  armed = null
  button.innerHTML = words
  button.classList.remove("sure")
  if (label) button.setAttribute("aria-label", label)
  else button.removeAttribute("aria-label")
}

app.addEventListener("click", event => {
  if (armed && !armed.button.contains(event.target)) disarm()
  const pressed = event.target.closest("[data-deed]"), { screen, args } = where()
  if (!pressed || pressed.disabled) return
  const deed = screen.deeds && screen.deeds[pressed.dataset.deed]
  if (!deed) return
  event.preventDefault()
  if (pressed.dataset.sure && !(armed && armed.button === pressed)) return arm(pressed)
  does(deed, pressed.dataset.of, ...args)
})
const written = kind => event => {
  const { name, type, checked } = event.target, { screen, args } = where()
  const value = type === "checkbox" ? checked : event.target.value
  if (name && screen[kind]) does(screen[kind], name, value, ...args).then(() => { strokes += 1 })
}
app.addEventListener("input", written("words"))
app.addEventListener("change", written("picked"))
app.addEventListener("submit", event => {
  const { screen, args } = where(), deed = screen.submits && screen.submits[event.target.dataset.submit]
  event.preventDefault()
  if (deed) does(deed, event.target, ...args)
})
window.addEventListener("hashchange", () => { said = ""; draw() })

// --- the camera: one field outside of what is redrawn. Whatever it brings goes to where it was called for -----------------------------
const camera = document.getElementById("camera")
let called = null
export function shoot(taken, { many = false, from = "camera" } = {}) {
  called = taken
  camera.multiple = many
  if (from === "camera") camera.setAttribute("capture", "environment")
  else camera.removeAttribute("capture")
  camera.click()
}
camera.addEventListener("change", async () => {
  const files = [...camera.files], { screen, args } = where()
  camera.value = ""
  for (const file of files) await does(called || screen.taken || (() => {}), file, ...args)
})
