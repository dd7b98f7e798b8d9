// The page: where one is stands behind #, what one does goes to the disk before anything else.
import { SignedOut, ask } from "./line.js"
import * as outbox from "./outbox.js"
import * as store from "./store.js"
import * as views from "./views.js"

const app = document.getElementById("app")
const DRAFT = "draft-hazard"
const urls = new Map() // a photo's picture on this screen

// --- drawing -----------------------------------------------------------------------------------------------------------------
const ROUTES = { "": showHome, hazard: showHazard, queue: showQueue, accident: showAccident, "sign-in": showSignIn }
let shown = "", fault = "", redraw = 0

async function draw() {
  const route = location.hash.replace(/^#\/?/, "")
  if (!(await store.get("person")) && route !== "sign-in") return void (location.hash = "#/sign-in")
  const html = await (ROUTES[route] || showHome)()
  if (html === shown) return
  shown = html
  app.innerHTML = html
}
function later() { if (!redraw) redraw = setTimeout(() => { redraw = 0; if (!editing()) draw() }, 150) }
const editing = () => location.hash === "#/hazard" || app.contains(document.activeElement) && /INPUT|TEXTAREA/.test(document.activeElement.tagName)

async function showHome() {
  const [person, records, tasks, hazards, units] = await Promise.all([store.get("person"), store.records(), store.rowsOf("tasks"), store.rowsOf("hazards"), store.rowsOf("enterprises")])
  const names = new Map(units.map(each => [each.id, each.name]))
  const named = each => ({ ...each, name: names.get(each.enterprise) || each.place || "" })
  const byDay = (a, b) => (a.due_on || "9") < (b.due_on || "9") ? -1 : 1
  return views.home({ person, records, tasks: tasks.map(named).sort(byDay), hazards: hazards.map(named).sort(byDay), line: outbox.state.line, units: units.length })
}

async function showQueue() {
  return views.queue({ records: (await store.records()).filter(each => each.state !== "draft"), progress: outbox.state.progress, line: outbox.state.line, free: await room() })
}
async function room() {
  if (!navigator.storage || !navigator.storage.persisted) return "这个浏览器空间不够时会删数据。可以先“导出”存一份。"
  return (await navigator.storage.persisted()) ? "浏览器答应不删这里的数据。" : "浏览器空间不够时会删数据。可以先“导出”存一份。"
}
async function showSignIn() {
  return views.signIn({ fault, waiting: (await store.records()).filter(each => each.state !== "received" && each.state !== "draft").length })
}
async function showAccident() {
  return views.accident({ phone: await store.get("duty-phone") })
}

// --- a hazard: the draft is on the disk before the camera opens ----------------------------------------------------------------
let place = { ok: false, said: "正在定位……" }, watching = null

async function showHazard() {
  const draft = await draftNow(), photos = await store.photosOf(draft.id)
  locate()
  const units = (await store.rowsOf("enterprises")).slice(0, 3000)
  return views.hazard({ draft: draft.words, shots: photos.map(each => ({ id: each.id, url: urlOf(each) })), place, units, fault })
}

async function draftNow() {
  const known = (await store.get(DRAFT)) || null, entry = known && (await store.record(known))
  if (entry && entry.state === "draft") return entry
  const made = { id: outbox.newId(), kind: "hazards", state: "draft", made_at: new Date().toISOString(), photos: [], words: { level: "general", where: "", description: "" } }
  await store.saveRecord(made)
  await store.keep(DRAFT, made.id)
  return made
}

function urlOf(photo) {
  if (!urls.has(photo.id)) urls.set(photo.id, URL.createObjectURL(new Blob([photo.bytes], { type: photo.media_type })))
  return urls.get(photo.id)
}

async function shoot(file) {
  const draft = await draftNow()
  try {
    const bytes = await file.arrayBuffer()
    const photo = { id: outbox.newId(), record: draft.id, bytes, size: bytes.byteLength, media_type: file.type || "application/octet-stream", sha256: await outbox.sha256(bytes), taken_at: new Date().toISOString(), location: place.point || null }
    await store.saveRecord({ ...draft, photos: [...draft.photos, photo.id], words: { ...draft.words, saved: new Date().toISOString() } }, [photo])
    fault = ""
  } catch (error) {
    fault = error.name === "QuotaExceededError" ? "手机空间不够，这张没有存下。请先清出空间，或到“队列”导出。" : `这张没有存下：${error.message}`
  }
  draw()
}

async function word(name, value) {
  const draft = await draftNow()
  await store.saveRecord({ ...draft, words: { ...draft.words, [name]: value, saved: new Date().toISOString() } })
}

async function saveHazard() {
  const draft = await draftNow(), photos = await store.photosOf(draft.id), { where, level, description } = draft.words
  const unit = where && (await store.rowsOf("enterprises")).find(each => each.name === where)
  const region = ((await store.get("person")) || {}).region || ""
  const body = {
    description: description.trim() || "见照片，说明待补", level, found_at: draft.made_at,
    ...(unit ? { enterprise: unit.id } : { place: where.trim() || (place.point ? "见定位" : "地点待补"), sector: "other", ...(region.length === 12 ? { region } : {}) }),
    location: place.point || null,
    photos: photos.map(({ id, sha256, size, media_type, taken_at, location: at }) => ({ id, sha256, size, media_type, taken_at, location: at })),
  }
  await store.saveRecord({ ...draft, state: "here", path: `hazards/${draft.id}`, body, title: `拍隐患：${where || "地点见定位"}`, made_at: new Date().toISOString(), photos: photos.map(each => each.id) })
  await store.drop(DRAFT)
  if (navigator.storage && navigator.storage.persist) navigator.storage.persist()
  location.hash = "#/"
  go()
}

// --- where one is --------------------------------------------------------------------------------------------------------------
function locate() {
  if (watching !== null || !navigator.geolocation) { if (!navigator.geolocation) place = { ok: false, said: "这个浏览器不给定位，写上地点就行" }; return }
  watching = navigator.geolocation.watchPosition(
    ({ coords }) => {
      const point = { lon: +coords.longitude.toFixed(6), lat: +coords.latitude.toFixed(6), crs: "wgs84", accuracy_m: Math.round(coords.accuracy) }
      saidPlace({ ok: true, said: `已定位，±${point.accuracy_m} 米`, point })
    },
    error => saidPlace({ ok: false, said: error.code === 1 ? "没有给定位权限，写上地点就行" : "还没定到位，写上地点就行" }),
    { enableHighAccuracy: true, maximumAge: 30_000, timeout: 20_000 },
  )
}
function saidPlace(now) {
  place = now
  const line = app.querySelector(".note svg use[href='#pin']")
  if (line) { const note = line.closest(".note"); note.classList.toggle("ok", now.ok); note.querySelector("span").textContent = now.said }
}

// --- signing in ------------------------------------------------------------------------------------------------------------------
async function signIn(form) {
  const device = (await store.get("device")) || outbox.newId()
  const { username, password, otp } = Object.fromEntries(new FormData(form))
  try {
    const { told } = await ask("POST", "auth/login", { open: true, body: { username, password, otp, device_id: device, device_name: navigator.userAgent.slice(0, 80) } })
    const before = await store.get("person")
    if (before && before.id !== told.user.id) await store.drop("cursor")
    await Promise.all([store.keep("device", device), store.keep("token", told.token), store.keep("person", told.user)])
    fault = ""
    location.hash = "#/"
    go()
  } catch (error) {
    fault = error.message
    draw()
  }
}

// --- sending, whenever there may be a line ----------------------------------------------------------------------------------------
async function go() {
  await outbox.send()
  if (outbox.state.signedOut) return void (location.hash = "#/sign-in")
  await outbox.sync().catch(error => {
    outbox.state.line = error.message
    if (error instanceof SignedOut) location.hash = "#/sign-in"
  })
  later()
}

// --- the queue as a file -----------------------------------------------------------------------------------------------------------
async function exported() {
  const waiting = (await store.records()).filter(each => each.state !== "received" && each.state !== "draft"), parts = []
  for (const each of waiting) {
    const photos = await store.photosOf(each.id)
    parts.push({ ...each, bytes: photos.map(photo => ({ id: photo.id, media_type: photo.media_type, base64: base64(photo.bytes) })) })
  }
  const file = new Blob([JSON.stringify({ of: await store.get("person"), device: await store.get("device"), at: new Date().toISOString(), records: parts })], { type: "application/json" })
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(file), download: `未上传-${new Date().toISOString().slice(0, 16).replace(":", "")}.json` })
  link.click()
}
function base64(bytes) {
  const view = new Uint8Array(bytes), pieces = []
  for (let at = 0; at < view.length; at += 0x8000) pieces.push(String.fromCharCode.apply(null, view.subarray(at, at + 0x8000)))
  return btoa(pieces.join(""))
}

// --- what a finger does -----------------------------------------------------------------------------------------------------------
const DEEDS = {
  shoot: () => document.getElementById("camera").click(),
  off: async id => { await store.dropPhoto(id); const draft = await draftNow(); await store.saveRecord({ ...draft, photos: draft.photos.filter(each => each !== id) }); draw() },
  level: async value => { await word("level", value); draw() },
  save: saveHazard,
  again: async id => { await store.change(id, { state: "here", why: "" }); go() },
  rescue: async id => { await outbox.rescue(id).catch(error => { outbox.state.line = error.message }); draw() },
  export: exported,
}
app.addEventListener("click", event => {
  const pressed = event.target.closest("button")
  if (!pressed) return
  for (const [name, deed] of Object.entries(DEEDS)) if (name in pressed.dataset) { event.preventDefault(); deed(pressed.dataset[name]) }
})
app.addEventListener("change", event => { if (event.target.id === "camera" && event.target.files[0]) { shoot(event.target.files[0]); event.target.value = "" } })
app.addEventListener("input", async event => {
  const { name, value } = event.target
  if (location.hash !== "#/hazard" || !name) return
  await word(name, value)
  const save = app.querySelector("[data-save]")
  if (save) save.disabled = !value && !app.querySelector(".shots")
})
app.addEventListener("submit", event => { event.preventDefault(); if ("signin" in event.target.dataset) signIn(event.target) })

window.addEventListener("hashchange", () => { shown = ""; fault = ""; draw() })
window.addEventListener("online", go)
document.addEventListener("visibilitychange", () => { if (!document.hidden) go() })
store.onChange(later)
setInterval(go, 20_000)
if ("serviceWorker" in navigator) {
  navigator.serviceWorker.register("/m/sw.js", { scope: "/m/" }).catch(() => {})
  navigator.serviceWorker.addEventListener("message", go)
}
draw().then(go)
