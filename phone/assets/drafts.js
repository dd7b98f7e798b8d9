// What is being written: on the disk before the camera opens, and back when the page is loaded again. One of each kind, or one of each key.
import { newId } from "./outbox.js"
import { hour, html } from "./parts.js"
import * as store from "./store.js"

const word = key => `draft-${key}`

export async function existing(key) {
  const id = await store.get(word(key)), entry = id && (await store.record(id))
  return entry && entry.state === "draft" ? entry : null
}
export async function open(key, words = {}) {
  const { id: by } = (await store.get("person")) || {}
  return store.openDraft(word(key), { id: newId(), kind: key.split("-")[0], key, by, state: "draft", made_at: new Date().toISOString(), photos: [], words })
}

// Adds to the words of a draft. `facts` may be a function of the words so far; several at once do not overwrite each other.
export async function write(draft, facts) {
  const saved = new Date().toISOString(), line = document.querySelector(".top [data-saved]")
  const made = await store.change(draft.id, now => ({ words: { ...now.words, ...(typeof facts === "function" ? facts(now.words) : facts), saved } }))
  if (line) line.textContent = savedAt(saved) // only once it is on the disk
  return made
}
export const savedAt = saved => `${hour(saved)} 已存本机`
export const savedNote = ({ saved }, words) => html`<span data-saved>${saved ? savedAt(saved) : words}</span>`

export async function discard(draft) {
  await store.drop(word(draft.key))
  await store.dropRecord(draft.id)
}

// 保存: from now on it is a record in the queue. Only the photos that its body names go with it.
export async function save(draft, { path, about, method, body, title, plain }) {
  const photos = (body.photos || []).map(each => each.id)
  await store.change(draft.id, () => ({ state: "here", path, about, method, body, title, plain, photos, made_at: new Date().toISOString() }))
  await store.drop(word(draft.key))
}

// One save, several records: {id, path, body, title, …} each, its photos those that its body names.
export async function saveAll(draft, entries) {
  const made_at = new Date().toISOString(), { kind, by } = draft
  await store.part(draft, entries.map(each => ({ kind, by, made_at, state: "here", words: {}, ...each, photos: (each.body.photos || []).map(photo => photo.id) })))
}
