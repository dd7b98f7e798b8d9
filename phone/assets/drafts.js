// What is being written: on the disk before the camera opens, and back when the page is loaded again. One of each kind, or one of each key.
import { newId } from "./outbox.js"
import * as store from "./store.js"

const word = key => `draft-${key}`

export async function existing(key) {
  const id = await store.get(word(key)), entry = id && (await store.record(id))
  return entry && entry.state === "draft" ? entry : null
}
export async function open(key, words = {}) {
  const found = await existing(key)
  if (found) return found
  const { id: by } = (await store.get("person")) || {}
  const made = { id: newId(), kind: key.split("-")[0], key, by, state: "draft", made_at: new Date().toISOString(), photos: [], words }
  await store.saveRecord(made)
  await store.keep(word(key), made.id)
  return made
}

// Adds to the words of a draft. `facts` may be a function of the words so far; several at once do not overwrite each other.
export const write = (draft, facts) => store.change(draft.id, now => ({ words: { ...now.words, ...(typeof facts === "function" ? facts(now.words) : facts), saved: new Date().toISOString() } }))

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
