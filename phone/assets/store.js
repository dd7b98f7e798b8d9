// What the phone keeps. Bytes of photos are ArrayBuffers: WebKit's private sessions refuse a Blob, and none is ever written over itself.
import { openDB } from "idb"

const opened = openDB("safety", 2, {
  upgrade(db, from, to, tx) {
    if (from < 1) {
      db.createObjectStore("kept") // one value a word: person, token, device, cursor
      db.createObjectStore("rows").createIndex("stream", "stream") // what sync brought: "stream/id" → {stream, …columns}
      db.createObjectStore("lists")
      db.createObjectStore("queue", { keyPath: "id" })
      db.createObjectStore("photos", { keyPath: "id" }) // {id, record, of, bytes, …}
    }
    if (from < 2) tx.objectStore("photos").createIndex("record", "record")
  },
  blocking() { if (self.document) location.reload() }, // a newer page wants to change the shape: what was saved is on the disk
})

export const get = async word => (await opened).get("kept", word)
export const keep = async (word, value) => (await opened).put("kept", value, word)
export const drop = async word => (await opened).delete("kept", word)
export const wordsFrom = async start => (await opened).getAllKeys("kept", IDBKeyRange.bound(start, `${start}\uffff`))

// --- the queue -------------------------------------------------------------------------------------------------------------
// {id, kind, by, method, path, about, body, title, made_at, state: draft | here | sending | stopped | received, why, photos: [id]}
const byAge = (a, b) => (a.made_at < b.made_at ? -1 : 1)
export const everything = async () => (await (await opened).getAll("queue")).sort(byAge)
export const record = async id => (await opened).get("queue", id)
export const photosOf = async id => (await opened).getAllFromIndex("photos", "record", id)
export const photo = async id => (await opened).get("photos", id)

export async function saveRecord(entry) {
  await (await opened).put("queue", entry)
  changed()
}

// The one draft that stands under `word`; made of `fresh` where none does. Two that ask at once, also from two pages, get the same. Nothing is
// made for a page that has one open (`held`) which stands no more: null.
export async function openDraft(word, fresh, held) {
  const tx = (await opened).transaction(["kept", "queue"], "readwrite"), kept = tx.objectStore("kept"), queue = tx.objectStore("queue")
  const id = await kept.get(word), known = id && (await queue.get(id)), stands = known && known.state === "draft"
  if (!stands && !held) { queue.put(fresh); kept.put(fresh.id, word) }
  await tx.done
  return stands ? known : held ? null : fresh
}

// A photo and its place in the record, together: of several taken at once none is passed over.
export async function addPhoto(id, photo, facts = {}) {
  const tx = (await opened).transaction(["queue", "photos"], "readwrite"), queue = tx.objectStore("queue")
  const entry = await queue.get(id), open = entry && entry.state === "draft"
  if (open) {
    queue.put({ ...entry, made_at: entry.words.saved ? entry.made_at : photo.taken_at, photos: [...entry.photos, photo.id], words: { ...entry.words, ...facts } })
    tx.objectStore("photos").put(photo)
  }
  await tx.done
  if (!open) throw new Error("这一份已经保存或删掉了，这一张没有加进去。")
  changed()
}

export async function change(id, facts) {
  const tx = (await opened).transaction("queue", "readwrite")
  const entry = await tx.store.get(id)
  const made = entry && { ...entry, ...(typeof facts === "function" ? facts(entry) : facts) }
  if (made) await tx.store.put(made)
  await tx.done
  changed()
  return made
}

export async function dropPhoto(id) { await (await opened).delete("photos", id); changed() }
export async function markPhoto(id, facts) {
  const tx = (await opened).transaction("photos", "readwrite")
  const known = await tx.store.get(id)
  if (known) await tx.store.put({ ...known, ...facts })
  await tx.done
}

export async function dropRecord(id) {
  const photos = await photosOf(id)
  const tx = (await opened).transaction(["queue", "photos"], "readwrite")
  await Promise.all([tx.objectStore("queue").delete(id), ...photos.map(each => tx.objectStore("photos").delete(each.id)), tx.done])
  changed()
}

// One draft becomes several records at once: each takes its photos along, and the draft is gone. All of it or nothing.
export async function part(draft, entries) {
  const photos = await photosOf(draft.id), owner = id => entries.find(each => each.photos.includes(id))
  const tx = (await opened).transaction(["queue", "photos", "kept"], "readwrite"), shelf = tx.objectStore("photos")
  await Promise.all([
    tx.objectStore("queue").delete(draft.id), ...entries.map(each => tx.objectStore("queue").put(each)), // one of them may bear the draft's id
    ...photos.map(each => (owner(each.id) ? shelf.put({ ...each, record: owner(each.id).id }) : shelf.delete(each.id))),
    tx.objectStore("kept").delete(`draft-${draft.key}`), tx.done,
  ])
  changed()
}

// Everything of everybody who used this phone. Only when no record waits any more.
export async function wipe() {
  const names = ["kept", "rows", "lists", "queue", "photos"], tx = (await opened).transaction(names, "readwrite")
  await Promise.all([...names.map(name => tx.objectStore(name).clear()), tx.done])
  changed()
}

// --- what sync brought: one transaction a page, so that the cursor is never ahead of the rows -------------------------------
export async function takePage(page) {
  const tx = (await opened).transaction(["rows", "lists", "kept"], "readwrite")
  const rows = tx.objectStore("rows"), lists = tx.objectStore("lists")
  if (page.reset) { rows.clear(); lists.clear() }
  for (const [stream, told] of Object.entries(page.streams)) {
    for (const id of told.gone) rows.delete(`${stream}/${id}`)
    for (const row of told.rows) rows.put({ stream, ...named(told.columns, row) }, `${stream}/${row[0]}`)
  }
  for (const [name, told] of Object.entries(page.lists)) lists.put(told.rows.map(row => named(told.columns, row)), name)
  tx.objectStore("kept").put(page.cursor, "cursor")
  tx.objectStore("kept").put(new Date().toISOString(), "synced")
  await tx.done
  if (page.reset || Object.values(page.streams).some(each => each.rows.length || each.gone.length) || Object.keys(page.lists).length) changed("rows")
}

const named = (columns, row) => Object.fromEntries(columns.map((name, at) => [name, row[at]]))
export const rowsOf = async stream => (await opened).getAllFromIndex("rows", "stream", stream)
export const rowOf = async (stream, id) => (await opened).get("rows", `${stream}/${id}`)
export const putRow = async (stream, id, row) => { await (await opened).put("rows", { stream, ...row }, `${stream}/${id}`); changed("rows") }
export const list = async name => (await (await opened).get("lists", name)) || []

// --- every page of this phone hears of a change -----------------------------------------------------------------------------
const bell = "BroadcastChannel" in self ? new BroadcastChannel("safety") : null
const listeners = new Set()
export const onChange = listener => listeners.add(listener)
const ring = what => listeners.forEach(listener => listener(what))
if (bell) bell.onmessage = event => ring(event.data)
export function changed(what = "queue") { ring(what); if (bell) bell.postMessage(what) }
