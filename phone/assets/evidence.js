// Photos and voice notes of a draft: bytes go to the disk the moment they exist.
import { draw, sentence, shoot, wrong } from "./frame.js"
import { button, html, icon } from "./parts.js"
import { newId, sha256 } from "./outbox.js"
import { place } from "./place.js"
import * as store from "./store.js"

const MOST_MB = 30, LONGEST = 2560, QUALITY = 0.85 // what the server takes at most; pixels of the longer side of a smaller copy

// As it was taken, unless its person said once, in 我的, that smaller copies are to be kept.
async function asAgreed(file) {
  const smaller = (await store.get("photos")) === "smaller" && file.type.startsWith("image/")
  const kept = smaller ? await copied(file) : file
  if (kept.size > MOST_MB * 1024 * 1024) throw new Error(`这张有 ${Math.ceil(kept.size / 1024 / 1024)} MB，超过能收的 ${MOST_MB} MB：在“我的”里选“存缩小的”，再拍一次。`)
  return kept
}
// A picture that cannot be opened here, or is small already, stays what it is.
async function copied(file) {
  const picture = await createImageBitmap(file).catch(() => null), scale = picture ? LONGEST / Math.max(picture.width, picture.height) : 1
  if (scale >= 1) return file
  const canvas = document.createElement("canvas")
  canvas.width = Math.round(picture.width * scale)
  canvas.height = Math.round(picture.height * scale)
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height)
  return await new Promise(made => canvas.toBlob(made, "image/jpeg", QUALITY)) || file
}

// `of`: which part of the draft it belongs to; "" for the whole.
export async function take(brought, draft, of = "") {
  const file = await asAgreed(brought), bytes = await file.arrayBuffer()
  if (!bytes.byteLength) throw new Error("这张是空的，请再拍一次。")
  const photo = {
    id: newId(), record: draft.id, of, bytes, size: bytes.byteLength, media_type: file.type || "application/octet-stream", sha256: await sha256(bytes),
    taken_at: new Date().toISOString(), location: place().point || null,
  }
  await store.addPhoto(draft.id, photo, { saved: photo.taken_at })
  return photo
}

export async function remove(id, draft) {
  await store.change(draft.id, now => ({ photos: now.photos.filter(each => each !== id) }))
  await store.dropPhoto(id)
}

// The deeds of a screen that takes evidence of one draft: `draftOf(…args)` is the draft of where one is.
export function taking(draftOf) {
  const shot = async (file, ...args) => { await take(file, await draftOf(...args)); draw() }
  return {
    shoot: (of, ...args) => shoot(file => shot(file, ...args)),
    album: (of, ...args) => shoot(file => shot(file, ...args), { many: true, from: "album" }),
    off: async (photo, ...args) => { await remove(photo, await draftOf(...args)); draw() },
    voice: async (of, ...args) => { await speak(await draftOf(...args)); draw() },
  }
}

// In the order in which they were taken.
export async function evidenceOf(draft, of) {
  const order = (await store.record(draft.id) || draft).photos
  return (await store.photosOf(draft.id)).filter(each => of === undefined || each.of === of).sort((a, b) => order.indexOf(a.id) - order.indexOf(b.id))
}
export const declared = photos => photos.map(({ id, sha256, size, media_type, taken_at, location }) => ({ id, sha256, size, media_type, taken_at, location }))
export const isVoice = photo => photo.media_type.startsWith("audio/")

// --- shown -----------------------------------------------------------------------------------------------------------------------
const urls = new Map() // a photo's picture on this page
export function urlOf(photo) {
  if (!urls.has(photo.id)) urls.set(photo.id, URL.createObjectURL(new Blob([photo.bytes], { type: photo.media_type })))
  return urls.get(photo.id)
}
export const shots = photos => (photos.length ? html`<div class="shots">${photos.map(each => html`<figure>${isVoice(each)
  ? html`<audio controls src="${urlOf(each)}" aria-label="语音"></audio>` : html`<img src="${urlOf(each)}" alt="照片">`}${button("off", "", { of: each.id, look: "off", sign: "x", label: isVoice(each) ? "去掉这段语音" : "去掉这张", sure: "删掉" })}</figure>`)}</div>` : "")

// --- voice: at most two minutes, where the browser records. It goes to the draft where it was begun, whatever ends it: 说完了, the two
// minutes, a save, another screen, another app in front.
export const records = () => "MediaRecorder" in self && Boolean(navigator.mediaDevices && navigator.mediaDevices.getUserMedia)
const FORMATS = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"]
const MOST_SECONDS = 118
let recording = null

export const recordingSince = () => (recording ? recording.since : 0)
export async function speak(draft, of = "") { await (recording ? finish() : record(said => take(said, draft, of))) }
export async function finish() { if (recording) await recording.stop() }
async function record(keep) {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true }).catch(error => {
    throw new Error(error.name === "NotAllowedError" ? "没有给麦克风权限，写几个字也行。" : "这台手机现在录不了音，写几个字也行。")
  })
  const mimeType = FORMATS.find(each => MediaRecorder.isTypeSupported(each)), pieces = []
  const recorder = new MediaRecorder(stream, { ...(mimeType ? { mimeType } : {}), audioBitsPerSecond: 24_000 })
  const silent = new Promise(done => { recorder.onstop = done })
  recorder.ondataavailable = event => { if (event.data.size) pieces.push(event.data) }
  recorder.start(1000)
  const stop = async () => {
    clearTimeout(clock)
    recording = null
    if (recorder.state !== "inactive") recorder.stop()
    await silent
    stream.getTracks().forEach(track => track.stop())
    await keep(new Blob(pieces, { type: (recorder.mimeType || mimeType || "audio/webm").split(";")[0] }))
  }
  const clock = setTimeout(ended, MOST_SECONDS * 1000)
  recording = { since: Date.now(), stop }
}
const ended = () => { if (recording) finish().then(draw, error => wrong(sentence(error))) }
window.addEventListener("hashchange", ended)
document.addEventListener("visibilitychange", () => { if (document.hidden) ended() })

// A save: once, however often it is pressed, and with what is still being said.
let saving = false
export const once = save => async (...args) => {
  if (saving) return
  saving = true
  try { await finish(); await save(...args) } finally { saving = false }
}
export const voiceButton = (of = "") => (records() ? button("voice", recordingSince() ? "说完了" : "说几句", { of, sign: "mic", pressed: Boolean(recordingSince()), look: recordingSince() ? "on" : "" }) : "")
export const shutter = (some, deed = "shoot") => html`<button type="button" class="btn ${some ? "" : "go"} shutter" data-deed="${deed}" data-of="">${icon("cam")}${some ? "再拍一张" : "拍照"}</button>`
