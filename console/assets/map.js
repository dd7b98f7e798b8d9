/* The map. What stands beside it is made by the server: this module draws, and fetches those parts anew when the address changes. */

import { Map as Drawn, setWorkerUrl } from "maplibre-gl"
import { icons, paint, style } from "./map-look.js"

const by = id => document.getElementById(id)
const mapped = by("mapped"), still = matchMedia("(prefers-reduced-motion: reduce)")
const FAR = 12 // the zoom from which hazards stand one by one
const SPOT = 14, CELL = 40 // pixels around what is pressed: one spot, one cluster that cannot be opened further
let map, beating, fresh = false

function webgl2() {
  try { return Boolean(document.createElement("canvas").getContext("webgl2")) } catch { return false }
}

/* --- the address: filters, view, hazard --- */
const here = () => new URL(location.href)

function note(changes) {
  const url = here()
  for (const [name, value] of Object.entries(changes)) value === null ? url.searchParams.delete(name) : url.searchParams.set(name, value)
  history.replaceState(history.state, "", url.pathname + url.search.replaceAll("%2F", "/"))
}

function view() {
  const centre = map.getCenter()
  return `${map.getZoom().toFixed(2)}/${centre.lat.toFixed(5)}/${centre.lng.toFixed(5)}`
}

function seen(text) {
  const [zoom, lat, lon] = (text || "").split("/").map(Number)
  return [zoom, lat, lon].every(Number.isFinite) && Math.abs(lat) < 86 ? { zoom: Math.min(zoom, 18), center: [lon, lat] } : null
}

/* --- drawing --- */
const tiles = () => [`${location.origin}/api/v1/map/tiles/hazards/{z}/{x}/{y}.mvt?${by("chips").dataset.query}`]

function draw() {
  mapped.classList.add("drawn")
  setWorkerUrl(mapped.dataset.worker)
  const [west, south, east, north] = mapped.dataset.bounds.split(",").map(Number)
  const bounds = [[west, south], [east, north]], asked = seen(here().searchParams.get("at"))
  try {
    map = new Drawn({
      container: "map", style: style(tiles(), mapped.dataset.backdrop), attributionControl: false, maxZoom: 18, minZoom: 5, dragRotate: false,
      pitchWithRotate: false, touchPitch: false, fadeDuration: still.matches ? 0 : 150, ...(asked || { bounds, fitBoundsOptions: { padding: room() } }),
      transformRequest: (url, kind) => (fresh && kind === "Tile" ? { url, cache: "no-cache" } : { url }),
      locale: { "Map.Title": "隐患分布图，用方向键移动，加减号缩放；同样的内容在清单里" },
    })
  } catch {
    return mapped.classList.remove("drawn")
  }
  map.touchZoomRotate.disableRotation()
  icons(map)
  map.on("error", event => failed(event.error))
  map.on("moveend", () => note({ at: view() }))
  map.on("click", pressed)
  map.on("mousemove", pointed)
  map.once("idle", () => { mapped.dataset.ready = "1"; beat() })
  map.on("idle", () => { fresh = false; mapped.dataset.idle = view() })
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => paint(map))
  by("home").onclick = () => map.fitBounds(bounds, { padding: room(), animate: !still.matches })
  by("closer").onclick = () => map.zoomIn({ animate: !still.matches })
  by("farther").onclick = () => map.zoomOut({ animate: !still.matches })
  by("copy").onclick = copy
  by("print").onclick = printed
  addEventListener("beforeprint", snapshot)
  mark(by("panel").dataset.hazard ? by("panel") : null, false)
  by("legend").open = by("map").clientWidth > 900
  part("/map/weeks").then(() => {
    const day = here().searchParams.get("open_on"), n = day ? [...by("year").querySelectorAll("g")].findIndex(each => each.dataset.last >= day) : -1
    if (n >= 0) by("when").value = n
  })
}

/** What the chips and the year take of the sheet. */
const room = () => {
  const { clientWidth: wide, clientHeight: high } = by("map")
  const small = wide < 600
  return { top: Math.min(small ? 120 : 84, high / 4), bottom: Math.min(small ? 16 : 120, high / 4), left: small ? 12 : 36, right: small ? 12 : 60 }
}

function failed(error) {
  if (error?.status === 401 || error?.status === 403) return signedOut()
  if (error?.status) say(`地图有一部分没有取到（${error.status}），移动一下会再取。`)
}

/* --- what is pressed --- */
const LAYERS = ["clusters", "points"]
const at = point => {
  const known = LAYERS.filter(name => map.getLayer(name))
  return map.queryRenderedFeatures([[point.x - SPOT, point.y - SPOT], [point.x + SPOT, point.y + SPOT]], { layers: known })
}

function pointed(event) { by("map").classList.toggle("pointed", at(event.point).length > 0) }

function pressed(event) {
  const found = at(event.point)
  const cluster = found.find(each => each.properties.count > 1)
  if (cluster) return closer(cluster)
  const ids = [...new Set(found.map(each => each.properties.id).filter(Boolean))]
  if (ids.length === 1) return open(ids[0])
  if (ids.length > 1) return spot(event.point)
  if (found.length) return closer(found[0])
}

/** A cluster opens: closer in; where that would part nothing, as a list. */
function closer(cluster) {
  const center = cluster.geometry.coordinates
  if (cluster.properties.spot) return spot(map.project(center))
  if (map.getZoom() >= 17) return spot(map.project(center), CELL)
  map.easeTo({ center, zoom: Math.min(Math.floor(map.getZoom()) + 2, 17), duration: still.matches ? 0 : 350 })
}

function spot({ x, y }, around = SPOT) {
  const low = map.unproject([x - around, y + around]), high = map.unproject([x + around, y - around])
  const url = here()
  url.searchParams.set("bbox", [low.lng, low.lat, high.lng, high.lat].map(each => each.toFixed(6)).join(","))
  url.searchParams.delete("hazard")
  url.searchParams.delete("at")
  part(url.pathname + url.search).then(() => { shut(false); by("list").scrollIntoView({ block: "nearest" }); by("side").focus({ preventScroll: true }) })
}

/* --- parts of the page --- */
/** Fetches a part, and puts in place whatever of it has an id here. */
async function part(path, options = {}) {
  mapped.setAttribute("aria-busy", "true")
  try {
    const answer = await fetch(path, { ...options, headers: { "X-Part": "1", ...options.headers } })
    if (answer.redirected && new URL(answer.url).pathname !== new URL(path, location.href).pathname) return signedOut()
    if (answer.status === 401) return options.body ? answer : signedOut()
    const made = new DOMParser().parseFromString(await answer.text(), "text/html")
    const parts = [...made.querySelectorAll("#chips, #list, #panel, #year, #found")]
    for (const each of parts) by(each.id)?.replaceWith(each)
    if (!parts.length) say(made.querySelector("h1")?.textContent || "没有取到。")
    return answer
  } catch {
    say("没有连上，画面还是刚才的。")
  } finally {
    mapped.removeAttribute("aria-busy")
  }
}

/** The page's own address again, with other words: chips and list anew, then the tiles. */
async function filter(link, { keep = true } = {}) {
  const url = new URL(link, location.href), mine = here()
  if (keep && !url.searchParams.has("at") && mine.searchParams.has("at")) url.searchParams.set("at", mine.searchParams.get("at"))
  if (!await part(url.pathname + url.search)) return
  if (!url.searchParams.has("bbox") && !url.searchParams.has("page")) history.pushState(null, "", url.pathname + url.search.replaceAll("%2F", "/"))
  if (!url.searchParams.has("hazard")) shut(false)
  map.getSource("hazards").setTiles(tiles())
  by("side").scrollTop = 0
}

async function open(id, options) {
  const answer = await part(`/map/hazards/${id}`, options)
  if (!answer) return
  const panel = by("panel")
  if (!panel.dataset.hazard) return
  note({ hazard: id })
  mark(panel, true)
  by("side").scrollTop = 0
  if (innerWidth < 1100) panel.scrollIntoView({ block: "start", behavior: still.matches ? "auto" : "smooth" })
  by("side").focus({ preventScroll: true })
}

/** Shows on the map which one is open, moved into sight where it was not. */
function mark(panel, move) {
  const lon = Number(panel?.dataset.lon), lat = Number(panel?.dataset.lat)
  by("side").classList.toggle("one", Boolean(panel?.dataset.hazard))
  for (const row of document.querySelectorAll("#list [data-hazard]")) row.toggleAttribute("aria-current", row.dataset.hazard === panel?.dataset.hazard)
  const set = () => map.getSource("open").setData({ type: "FeatureCollection", features: lon ? [{ type: "Feature", properties: {}, geometry: { type: "Point", coordinates: [lon, lat] } }] : [] })
  map.isStyleLoaded() || map.getSource("open") ? set() : map.once("load", set)
  if (!lon || !move || map.getBounds().contains([lon, lat])) return
  map.easeTo({ center: [lon, lat], zoom: Math.max(map.getZoom(), FAR + 1), duration: still.matches ? 0 : 400 })
}

function shut(told = true) {
  const panel = document.createElement("div")
  panel.id = "panel"
  by("panel").replaceWith(panel)
  if (told) note({ hazard: null })
  mark(null)
}

document.addEventListener("click", event => {
  const link = map && !event.ctrlKey && !event.metaKey && !event.shiftKey && event.target.closest("a")
  if (!link || link.target) return
  if (link.id === "shut") shut()
  else if (link.dataset.hazard) open(link.dataset.hazard)
  else if (link.dataset.at) go(link)
  else if ("part" in link.dataset) filter(link.href)
  else return
  event.preventDefault()
})

document.addEventListener("change", event => {
  const form = map && event.target.closest("[data-filter]")
  if (!form) return
  const words = [...new FormData(form)].filter(([, value]) => value)
  filter(`/map?${new URLSearchParams(words)}`)
})

document.addEventListener("submit", async event => {
  const form = event.target
  if (!map) return
  if (form.matches("[data-filter]")) return event.preventDefault()
  if (!form.closest("#panel")) return
  event.preventDefault()
  const button = form.querySelector("button:not([type])")
  button.disabled = true
  const answer = await part(form.getAttribute("action"), { method: "POST", body: new FormData(form) })
  button.disabled = false
  if (answer?.status === 401) return form.submit() // the way in takes along what was typed
  if (!answer) return
  mark(by("panel"), false)
  by("side").scrollTop = 0
  if (answer.ok) again()
})

/* --- the year --- */
let sliding
document.addEventListener("input", event => {
  if (!map || event.target.id !== "when") return
  const weeks = by("year").querySelectorAll("g"), week = weeks[event.target.value], last = event.target.value === event.target.max
  const [, month, day] = week.dataset.last.split("-").map(Number)
  by("said-week").textContent = last ? "这一周" : `截至 ${month}月${day}日，那一周`
  by("came").textContent = `＋${week.dataset.found} 新发现`
  by("went").textContent = `－${week.dataset.closed} 销号`
  for (const [id, word, other] of [["came", "found_from", "found_before"], ["went", "closed_from", "closed_before"]]) {
    by(id).href = `/map?${new URLSearchParams(last ? { [word]: week.dataset.first } : { [word]: week.dataset.first, [other]: week.dataset.after })}`
  }
  event.target.setAttribute("aria-valuetext", last ? "今天" : `${month}月${day}日`)
  for (const each of weeks) each.toggleAttribute("aria-current", each === week)
  clearTimeout(sliding)
  sliding = setTimeout(() => {
    const url = here()
    for (const word of ["hazard", "found_from", "found_before", "closed_from", "closed_before", "open_on"]) url.searchParams.delete(word)
    if (!last) url.searchParams.set("open_on", week.dataset.last)
    filter(url.href)
  }, 250)
})

addEventListener("popstate", () => {
  const asked = seen(here().searchParams.get("at"))
  part(location.pathname + location.search).then(() => { map.getSource("hazards").setTiles(tiles()); if (!here().searchParams.get("hazard")) shut(false) })
  if (asked) map.jumpTo(asked)
})

addEventListener("keydown", event => {
  if (event.key !== "Escape" || !map) return
  if (!by("found").hidden) by("found").hidden = true
  else if (by("panel").dataset.hazard) shut()
})

/** After a step: the list, the chips and the tiles are asked for anew, past what the browser keeps. */
async function again() {
  const url = here()
  url.searchParams.delete("hazard")
  await part(url.pathname + url.search)
  fresh = true
  map.getSource("hazards").setTiles(tiles())
}

/* --- search --- */
let waiting
by("words").addEventListener("input", event => {
  if (!map) return
  clearTimeout(waiting)
  waiting = setTimeout(() => part(`/map/search?${new URLSearchParams({ q: event.target.value.trim() })}`), 250)
})
by("words").addEventListener("keydown", event => {
  if (event.key === "ArrowDown") { by("found").querySelector("a")?.focus(); event.preventDefault() }
})
by("find").addEventListener("keydown", event => {
  if (!["ArrowDown", "ArrowUp"].includes(event.key) || !event.target.matches("#found a")) return
  const links = [...by("found").querySelectorAll("a")], next = links[links.indexOf(event.target) + (event.key === "ArrowDown" ? 1 : -1)]
  ;(next || by("words")).focus()
  event.preventDefault()
})
addEventListener("click", event => { if (!by("find").contains(event.target)) by("found").hidden = true })

/** To a place that was found, and what is to be seen there alone. */
function go(link) {
  by("found").hidden = true
  const asked = seen(link.dataset.at), url = new URL(link.href)
  url.searchParams.set("at", link.dataset.at)
  map.easeTo({ ...asked, duration: still.matches ? 0 : 600 })
  filter(url.href)
}

/* --- saying --- */
let hushing
function say(text, link) {
  const said = by("said")
  said.textContent = text
  if (link) said.append(link)
  said.hidden = false
  clearTimeout(hushing)
  if (!link) hushing = setTimeout(() => { said.hidden = true }, 6000)
}

function signedOut() {
  const link = document.createElement("a")
  link.className = "link"
  link.href = `/login?next=${encodeURIComponent(location.pathname + location.search)}`
  link.textContent = "再登录"
  say("登录已过期，画面和筛选都在链接里。", link)
}

async function copy() {
  note({ at: view() })
  try {
    await navigator.clipboard.writeText(location.href)
    say("链接已复制：画面、筛选和打开的一条都在里面。")
  } catch { prompt("复制这个链接", location.href) }
}

/* --- paper --- */
function snapshot() {
  map.redraw()
  const shown = by("printed")
  shown.src = map.getCanvas().toDataURL()
  shown.alt = "隐患分布图"
  shown.hidden = false
}

/** Drawn as large as an A3 sheet first, so that it is not a stretched screen. */
async function printed() {
  clearInterval(beating)
  const sheet = by("map"), box = map.getBounds()
  sheet.style.cssText = "width: 1520px; height: 870px; right: auto; bottom: auto"
  map.resize()
  map.fitBounds(box, { animate: false })
  await new Promise(done => map.once("idle", done))
  snapshot()
  sheet.style.cssText = ""
  map.resize()
  map.fitBounds(box, { animate: false })
  removeEventListener("beforeprint", snapshot)
  print()
  addEventListener("beforeprint", snapshot)
  beat()
}

/* --- overdue major ones beat --- */

function beat() {
  let wide = false
  beating = setInterval(() => {
    if (still.matches || document.hidden || !map.getLayer("beat")) return
    if (!map.queryRenderedFeatures({ layers: ["beat"] }).length) return
    wide = !wide
    map.setPaintProperty("beat", "circle-radius", wide ? 22 : 13)
    map.setPaintProperty("beat", "circle-opacity", wide ? 0 : .45)
  }, 1200)
}

if (webgl2()) draw()
