// What is being written: on the disk before the camera opens, and back when the page is loaded again. One of each kind, or one of each key.
import { Gone } from "./frame.js"
import { newId } from "./outbox.js"
import { button, hour, html } from "./parts.js"
import * as store from "./store.js"

const word = key => `draft-${key}`

// What this page has open until its screen is left: another page of this phone may save it meanwhile, and a fresh one is no answer to that.
const opened = new Map()
window.addEventListener("hashchange", () => opened.clear())
export const isOpen = key => opened.has(key)
function mine(key, draft) {
  if (!draft || (isOpen(key) && opened.get(key) !== draft.id)) throw new Gone("这一份在另一个页面上保存了，或者不要了。保存的在“队列”里。")
  opened.set(key, draft.id)
  return draft
}

// Raises Gone.
export async function existing(key) {
  const id = await store.get(word(key)), entry = id && (await store.record(id))
  return entry && entry.state === "draft" ? mine(key, entry) : null
}
export async function open(key, words = {}) {
  const { id: by } = (await store.get("person")) || {}
  return mine(key, await store.openDraft(word(key), { id: newId(), kind: key.split("-")[0], key, by, state: "draft", made_at: new Date().toISOString(), photos: [], words }, isOpen(key)))
}

// Adds to the words of a draft; its time is that of the first thing written, not of a look at an empty page. `facts` may be a function of the words so far; several at once do not overwrite each other.
export async function write(draft, facts) {
  const saved = new Date().toISOString(), line = document.querySelector(".top [data-saved]")
  const made = await store.change(draft.id, now => ({ made_at: now.words.saved ? now.made_at : saved, words: { ...now.words, ...(typeof facts === "function" ? facts(now.words) : facts), saved } }))
  if (line) line.textContent = savedAt(saved) // only once it is on the disk
  return made
}
export const savedAt = saved => `${hour(saved)} 已存本机`
export const savedNote = ({ saved }, words) => html`<span data-saved>${saved ? savedAt(saved) : words}</span>`

// What was opened by chance, or is not wanted any more.
export const unwanted = ({ words }, said) => (words.saved ? button("discard", said, { look: "bare", sign: "x", sure: "删掉，找不回来" }) : "")
export async function discard(draft) {
  await store.drop(word(draft.key))
  await store.dropRecord(draft.id)
  opened.delete(draft.key)
}

// 保存: from now on it is a record in the queue. Only the photos that its body names go with it.
export async function save(draft, { path, about, method, body, title, plain }) {
  const photos = (body.photos || []).map(each => each.id)
  await store.change(draft.id, now => ({ state: "here", path, about, method, body, title, plain, photos, begun_at: now.made_at, made_at: new Date().toISOString() }))
  await store.drop(word(draft.key))
  opened.delete(draft.key)
}

// The server refused the body: nothing of it is stored, so it is put right under the same id. Raises while another of its kind is being written.
export async function reopen({ id, key }) {
  const other = await existing(key)
  if (other && other.words.saved) throw new Error("同一类还有一份没写完：先保存它，或不要它，再来改这一份。")
  if (other) await discard(other)
  await store.change(id, now => ({ state: "draft", why: "", made_at: now.begun_at || now.made_at, words: { ...now.words, open: "" } }))
  await store.keep(word(key), id)
}

// One save, several records: {id, path, body, title, …} each, its photos those that its body names.
export async function saveAll(draft, entries) {
  const made_at = new Date().toISOString(), { kind, by } = draft
  await store.part(draft, entries.map(each => ({ kind, by, made_at, state: "here", words: {}, ...each, photos: (each.body.photos || []).map(photo => photo.id) })))
  opened.delete(draft.key)
}
