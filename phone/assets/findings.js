// What is wrong: a photo, words, level; several in one draft (`words.findings`), each with its own photos (`of`: its id).
import * as drafts from "./drafts.js"
import * as evidence from "./evidence.js"
import { draw, shoot } from "./frame.js"
import { newId } from "./outbox.js"
import { button, choice, field, html, level } from "./parts.js"

export const finding = facts => ({ id: newId(), level: "general", description: "", ...facts })
export const saysSomething = (each, photos) => Boolean(each.description.trim() || photos.some(photo => photo.of === each.id))
export const described = (each, photos) => each.description.trim()
  || (photos.some(photo => photo.of === each.id && evidence.isVoice(photo)) ? "见语音和照片，文字待补" : "见照片，说明待补")
export const photosOf = (each, photos) => photos.filter(photo => photo.of === each.id)

export const card = (each, photos, at, { title = "有问题" } = {}) => html`<section class="card stack" aria-label="${title} ${at + 1}">
  <header class="chosen"><h2>${title} ${at + 1}</h2>${button("drop", "", { of: each.id, look: "bare", sign: "x", label: "去掉这一处", sure: "删掉" })}</header>
  ${evidence.shots(photosOf(each, photos))}
  <div class="btns">${button("wrongShot", photosOf(each, photos).length ? "再拍一张" : "拍问题", { of: each.id, look: photosOf(each, photos).length ? "" : "go", sign: "cam" })}
    ${evidence.records() ? button("wrongVoice", evidence.recordingSince() ? "说完了" : "说几句", { of: each.id, sign: "mic", pressed: Boolean(evidence.recordingSince()), look: evidence.recordingSince() ? "on" : "" }) : ""}</div>
  ${choice("size", "大小", `${each.id}/${each.level}`, ["general", "major"].map(size => [`${each.id}/${size}`, level(size)]))}
  ${field("什么不对", html`<textarea name="what/${each.id}" rows="2" maxlength="2000">${each.description}</textarea>`)}</section>`

const put = (draft, id, facts) => drafts.write(draft, now => ({ findings: now.findings.map(each => (each.id === id ? { ...each, ...facts } : each)) }))

// The deeds that a screen with findings takes over; `now` brings its draft.
export const deedsOf = now => ({
  wrongShot: id => shoot(async file => { await evidence.take(file, await now(), id); draw() }),
  wrongVoice: async id => { await evidence.speak(await now(), id); draw() },
  size: async value => { const [id, size] = value.split("/"); await put(await now(), id, { level: size }); draw() },
  off: async id => { await evidence.remove(id, await now()); draw() },
  async drop(id) {
    const draft = await now()
    for (const photo of await evidence.evidenceOf(draft, id)) await evidence.remove(photo.id, draft)
    await drafts.write(draft, words => ({ findings: words.findings.filter(each => each.id !== id) }))
    draw()
  },
})
// True when the field was one of a finding's.
export async function wrote(now, name, value) {
  const [what, id] = name.split("/")
  if (what !== "what") return false
  await put(await now(), id, { description: value })
  return true
}
