// 本机 → 发送中 → 已收. A record leaves this phone only when a receipt says, hash by hash, that all of it stands.
import { Away, Refused, SignedOut, ask } from "./line.js"
import * as store from "./store.js"

const PIECE = 256 * 1024 // a piece that breaks off is sent again: small for weak lines
export const state = { line: "", signedOut: false, progress: new Map() } // what the page shows of the sending under way

let under_way = null
export function send() {
  if (!under_way) under_way = alone(sendAll).catch(fault).finally(() => { under_way = null })
  return under_way
}

// One page of this phone sends; the lock falls with the page that held it.
const alone = work => (navigator.locks ? navigator.locks.request("outbox", { ifAvailable: true }, lock => (lock ? work() : null)) : work())

function fault(error) {
  state.signedOut = error instanceof SignedOut
  state.line = error instanceof Away ? error.message : error instanceof SignedOut ? "登录已过期，登录后接着送；这里的一条不丢" : `出错：${error.message}`
}

async function sendAll() {
  state.line = ""
  state.signedOut = false
  for (const entry of await store.records())
    if (entry.state === "here" || entry.state === "sending") await sendOne(entry)
}

async function sendOne(entry) {
  await store.change(entry.id, { state: "sending", why: "" })
  try {
    if (!entry.stands) await put(entry)
    for (const id of entry.photos) await sendPhoto(entry, id)
    await settle(entry)
  } catch (error) {
    if (error instanceof Refused) return store.change(entry.id, { state: "stopped", why: why(error), refused: { status: error.status, code: error.problem.code } })
    await store.change(entry.id, { state: "here" })
    throw error
  } finally {
    state.progress.delete(entry.id)
  }
}

function why(error) {
  const first = (error.problem.errors || [])[0]
  return first ? `${error.message}（${first.detail}）` : error.message
}

async function put(entry) {
  const body = { ...entry.body, device: { id: await store.get("device"), app_version: document.body.dataset.edition, clock: new Date().toISOString() } }
  const answer = await ask("PUT", entry.path, { body })
  entry.stands = true
  await store.change(entry.id, { stands: true, remarks: answer.told.remarks || [] })
}

async function sendPhoto(entry, id) {
  const photo = await store.photo(id)
  if (!photo || photo.sent) return
  const piece = photo.size <= PIECE ? null : PIECE
  if (piece) await inPieces(entry, photo)
  else await ask("PUT", `photos/${id}/content`, { bytes: photo.bytes, headers: { "Content-Type": photo.media_type } })
  await store.markPhoto(id, { sent: true })
}

const TUS = { "Tus-Resumable": "1.0.0" }
const coded = text => btoa(unescape(encodeURIComponent(text)))

async function inPieces(entry, photo) {
  let at = photo.upload ? await whereOf(photo.upload) : null
  if (at === null) {
    const told = `photo ${coded(photo.id)},sha256 ${coded(photo.sha256)}`
    const begun = await ask("POST", "uploads/", { headers: { ...TUS, "Upload-Length": String(photo.size), "Upload-Metadata": told } })
    photo.upload = begun.headers.get("Location").replace("/api/v1/", "")
    await store.markPhoto(photo.id, { upload: photo.upload })
    at = 0
  }
  while (at < photo.size) {
    const headers = { ...TUS, "Content-Type": "application/offset+octet-stream", "Upload-Offset": String(at) }
    const answer = await ask("PATCH", photo.upload, { headers, bytes: photo.bytes.slice(at, at + PIECE), seconds: 180 }).catch(async error => {
      if (!(error instanceof Refused) || error.status !== 409) throw error
      return { headers: new Headers({ "Upload-Offset": String((await whereOf(photo.upload)) || 0) }) }
    })
    at = Number(answer.headers.get("Upload-Offset"))
    state.progress.set(entry.id, { photo: photo.id, at, size: photo.size })
    store.markPhoto(photo.id, { at })
  }
}

async function whereOf(upload) {
  try {
    return Number((await ask("HEAD", upload, { headers: TUS })).headers.get("Upload-Offset"))
  } catch (error) {
    if (error instanceof Refused && error.status === 404) return null
    if (error instanceof Away && navigator.onLine) return null // a HEAD has no body that could say more
    throw error
  }
}

// The receipt: the record under its fingerprint, each photo under its hash. Then, and only then, the bytes go.
const HERE = new Set(["held", "ready", "unreadable"])
async function settle(entry) {
  const { told } = await ask("GET", entry.path)
  const found = new Map((told.photos || []).map(photo => [photo.id, photo]))
  const missing = []
  for (const id of entry.photos) {
    const photo = await store.photo(id)
    if (!photo) continue
    const there = found.get(id)
    if (there && HERE.has(there.state) && there.sha256 === photo.sha256) await store.dropPhoto(id)
    else { await store.markPhoto(id, { sent: false, upload: null }); missing.push(id) }
  }
  if (missing.length) throw new Away("照片还没有到齐，接着送")
  await store.change(entry.id, { state: "received", received_at: told.received_at || new Date().toISOString(), why: "" })
}

// --- what no door takes: to the office, byte by byte -------------------------------------------------------------------------
export async function rescue(id) {
  const entry = await store.record(id)
  const bytes = new TextEncoder().encode(JSON.stringify(entry.body))
  const query = new URLSearchParams({ path: entry.path, status: entry.refused.status, code: entry.refused.code || "", device_id: (await store.get("device")) || "" })
  const { told } = await ask("POST", `phone/rescue?${query}`, { bytes, headers: { "Content-Type": "application/json" } })
  if (told.sha256 !== (await sha256(bytes))) throw new Away("收到的与本机不符，再送一次")
  await store.change(id, { state: "received", why: "已交办公室处理", received_at: told.received_at })
}

// --- sync --------------------------------------------------------------------------------------------------------------------
export async function sync() {
  let more = true
  while (more) {
    const cursor = await store.get("cursor")
    const { told } = await ask("GET", `sync${cursor ? `?cursor=${encodeURIComponent(cursor)}` : ""}`).catch(async error => {
      if (error instanceof Refused && error.status === 400) { await store.drop("cursor"); return ask("GET", "sync") }
      throw error
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
