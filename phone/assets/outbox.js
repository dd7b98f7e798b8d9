// 本机 → 发送中 → 已收. A record leaves this phone only when a receipt says, hash by hash, that all of it stands. Runs in the page and, when
// the line comes back while no page is open, in the service worker.
import { Away, Refused, SignedOut, ask } from "./line.js"
import * as store from "./store.js"

// A piece that breaks off is sent again: as large as this line carries in two seconds, and half as large after a break.
const LEAST = 32 * 1024, MOST = 512 * 1024, SECONDS = 2
let piece = 64 * 1024
const fitting = bytes => Math.round(Math.max(LEAST, Math.min(MOST, bytes)))
export const state = { line: "", signedOut: false, taken: 0, progress: new Map() } // what the page shows of the sending under way

// --- when -----------------------------------------------------------------------------------------------------------------------
let running = null, again = false, pause = 0, retry = 0

// Whoever asks while something is being sent is heard afterwards: what was just saved, or a line that just came back, is not passed over.
export function send() {
  if (running) again = true
  else running = rounds().finally(() => { running = null })
  return running
}

async function rounds() {
  do {
    again = false
    clearTimeout(retry)
    state.line = await alone(sendAll).then(() => "", fault)
  } while (again)
  pause = state.line && !state.signedOut ? Math.min(pause * 2 || 2, 60) : 0
  if (pause) retry = setTimeout(send, pause * 1000)
}

// One page of this phone sends at a time; the lock falls with the page that held it.
const alone = work => (self.navigator.locks ? navigator.locks.request("outbox", work) : work())

function fault(error) {
  state.signedOut = error instanceof SignedOut
  if (error instanceof Away) return error.message
  return state.signedOut ? "登录已过期，登录后接着送；这里的一条不丢" : `没有送成，内容都在，过一会儿再送（${error.name}）`
}

// For the service worker: raises, so that the browser tries once more by itself.
export const sendOnce = () => alone(sendAll)

// --- what -----------------------------------------------------------------------------------------------------------------------
const UNDER_WAY = new Set(["here", "sending"])
const owned = async () => {
  const me = ((await store.get("person")) || {}).id
  return (await store.everything()).filter(entry => UNDER_WAY.has(entry.state) && (!entry.by || entry.by === me))
}
export const waiting = async () => (await store.everything()).filter(entry => entry.state !== "received" && entry.state !== "draft" && !entry.quiet)

// Words before pictures: on a weak line the office knows of all of them before the first photo is through.
async function sendAll() {
  state.signedOut = false
  for (const entry of await owned()) if (!entry.stands) await attempt(entry, tell)
  for (const entry of await owned()) if (entry.stands) await attempt(entry, async () => {
    for (const id of entry.photos) await sendPhoto(entry, id)
    await settle(entry)
  })
}

async function attempt(entry, work) {
  await store.change(entry.id, { state: "sending", why: "" })
  try {
    await work(entry)
  } catch (error) {
    if (error instanceof Refused && entry.quiet) return store.dropRecord(entry.id)
    if (error instanceof Refused) return store.change(entry.id, { state: "stopped", why: why(error), refused: { status: error.status, code: error.problem.code, photo: error.photo, errors: error.problem.errors || [] } })
    await store.change(entry.id, { state: "here" })
    throw error
  } finally {
    state.progress.delete(entry.id)
  }
}

function why(error) {
  const first = (error.problem.errors || [])[0]
  return first && first.detail !== error.message ? `${error.message}（${first.detail}）` : error.message
}

// A record is PUT under its own id; a step is POSTed under its own key: either may be sent any number of times.
async function tell(entry) {
  const body = { ...entry.body, ...(entry.plain ? {} : { device: await device() }) }
  const step = entry.method === "POST"
  const { told } = await ask(entry.method || "PUT", entry.path, { body, headers: step ? { "Idempotency-Key": entry.id } : {} })
  if (entry.quiet) return store.dropRecord(entry.id)
  state.taken += 1
  const remarks = (told.remarks || []).map(each => each.detail || each.sentence || each)
  await store.change(entry.id, { stands: true, remarks, ...(told.papers ? { papers: told.papers } : {}), ...(step && !entry.photos.length ? received() : {}) })
}
const device = async () => ({ id: (await store.get("device")) || "", app_version: (await store.get("edition")) || "", clock: new Date().toISOString() })
const received = at => ({ state: "received", why: "", received_at: at || new Date().toISOString() })

// --- photos ---------------------------------------------------------------------------------------------------------------------
async function sendPhoto(entry, id, as = {}) {
  const photo = await store.photo(id)
  if (!photo || photo.sent) return
  try {
    if (photo.size > piece) await inPieces(entry, photo, as)
    else await ask("PUT", `photos/${id}/content`, { bytes: photo.bytes, headers: { "Content-Type": photo.media_type }, ...as })
  } catch (error) {
    if (error instanceof Refused) error.photo = id
    throw error
  }
  await store.markPhoto(id, { sent: true })
}

const TUS = { "Tus-Resumable": "1.0.0" }

async function inPieces(entry, photo, as) {
  let at = photo.upload ? await whereOf(photo.upload, as) : null
  if (at === null) {
    const told = `photo ${btoa(photo.id)},sha256 ${btoa(photo.sha256)}`
    const begun = await ask("POST", "uploads/", { headers: { ...TUS, "Upload-Length": String(photo.size), "Upload-Metadata": told }, ...as })
    photo.upload = begun.headers.get("Location").replace("/api/v1/", "")
    await store.markPhoto(photo.id, { upload: photo.upload })
    at = 0
  }
  while (at < photo.size) {
    state.progress.set(entry.id, { photo: photo.id, at, size: photo.size })
    const headers = { ...TUS, "Content-Type": "application/offset+octet-stream", "Upload-Offset": String(at) }
    const bytes = photo.bytes.slice(at, at + piece), begun = Date.now()
    const answer = await ask("PATCH", photo.upload, { headers, bytes, seconds: 180, ...as }).catch(async error => {
      piece = fitting(piece / 2)
      if (!(error instanceof Refused) || error.status !== 409) throw error
      return { headers: new Headers({ "Upload-Offset": String((await whereOf(photo.upload, as)) || 0) }) }
    })
    if (answer.ok) piece = fitting(Math.min(2 * piece, (bytes.byteLength * SECONDS * 1000) / Math.max(1, Date.now() - begun)))
    at = Number(answer.headers.get("Upload-Offset"))
    store.changed("progress")
  }
}

async function whereOf(upload, as) {
  try {
    return Number((await ask("HEAD", upload, { headers: TUS, ...as })).headers.get("Upload-Offset"))
  } catch (error) {
    if (error instanceof Refused && error.status === 404) return null
    if (error instanceof Away && navigator.onLine) return null // a HEAD has no body that could say more
    throw error
  }
}

// The receipt: each photo under its hash. Then, and only then, the bytes go.
const HERE = new Set(["held", "ready", "unreadable"])
const RECEIPT = /^(inspections|hazards|accidents)\/[^/]+$/ // these have a receipt of their own, for their sender wherever the record went since
const receiptOf = ({ about, path }) => about || (RECEIPT.test(path) ? `${path}/receipt` : path)
async function settle(entry) {
  const { told } = await ask("GET", receiptOf(entry))
  const found = new Map((told.photos || []).map(photo => [photo.id, photo]))
  const missing = []
  for (const id of entry.photos) {
    const photo = await store.photo(id)
    if (!photo) continue
    const there = found.get(id)
    if (there && (there.state === "refused" || (HERE.has(there.state) && there.sha256 === photo.sha256))) await store.dropPhoto(id)
    else { await store.markPhoto(id, { sent: false, upload: null }); missing.push(id) }
  }
  if (missing.length) throw new Away("照片还没有到齐，接着送")
  await store.change(entry.id, received(told.received_at))
}

// 照样交: the record stands without the photo that cannot be read.
export async function giveUp(id) {
  const entry = await store.record(id), photo = entry.refused && entry.refused.photo
  if (!photo) return
  await ask("POST", `photos/${photo}/give-up`, { body: { reason: `手机上的这张不能收：${entry.why}`.slice(0, 200) } })
  await store.change(id, { state: "here", why: "", photos: entry.photos.filter(each => each !== photo) })
  await store.dropPhoto(photo)
}

// --- what no door takes: to the office, byte by byte -------------------------------------------------------------------------
export async function rescue(id, as = {}) {
  const entry = await store.record(id), refused = entry.refused || {}
  const bytes = new TextEncoder().encode(JSON.stringify(entry.body))
  const query = new URLSearchParams({ method: entry.method || "PUT", path: entry.path, code: refused.code || "", device_id: (await store.get("device")) || "", ...(refused.status ? { status: refused.status } : {}) })
  const { told } = await ask("POST", `phone/rescue?${query}`, { bytes, headers: { "Content-Type": "application/json" }, ...as })
  if (told.sha256 !== (await sha256(bytes))) throw new Away("收到的与本机不符，再送一次")
  await store.change(id, { ...received(told.received_at), why: "已交办公室处理" })
}

// Whoever cannot sign in any more (moved, locked, revoked) brings the queue home by the key of the device: each record, then its photos.
export async function bringHome() {
  const key = await store.get("device_key")
  for (const entry of await waiting()) {
    const as = { proof: `Device ${entry.by}.${key}` }
    await rescue(entry.id, as)
    for (const id of entry.photos) { await sendPhoto(entry, id, as); await store.dropPhoto(id) }
  }
}

// --- sync --------------------------------------------------------------------------------------------------------------------
export async function sync() {
  let more = true
  while (more) {
    const cursor = await store.get("cursor")
    const { told } = await ask("GET", `sync${cursor ? `?cursor=${encodeURIComponent(cursor)}` : ""}`).catch(async error => {
      if (!(error instanceof Refused) || error.status !== 400) throw error
      await store.drop("cursor")
      return ask("GET", "sync")
    })
    await store.takePage(told)
    more = told.more
  }
}

// --- small things ------------------------------------------------------------------------------------------------------------
export const sha256 = async bytes => [...new Uint8Array(await crypto.subtle.digest("SHA-256", bytes))].map(byte => byte.toString(16).padStart(2, "0")).join("")
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  bytes[6] = (bytes[6] & 15) | 64
  bytes[8] = (bytes[8] & 63) | 128
  const hex = [...bytes].map(byte => byte.toString(16).padStart(2, "0")).join("")
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-")
}
