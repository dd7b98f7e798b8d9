// Where one is. Asked for only while a screen shows it; denied or slow, one writes the place in words.
import { app } from "./frame.js"
import { html, icon } from "./parts.js"

let now = { ok: false, said: "正在定位……" }, watching = null

export const place = () => now
export function locate() {
  if (watching !== null) return
  if (!navigator.geolocation) return void told({ ok: false, said: "这个浏览器不给定位，写上地点就行" })
  watching = navigator.geolocation.watchPosition(
    ({ coords }) => {
      const point = { lon: +coords.longitude.toFixed(6), lat: +coords.latitude.toFixed(6), crs: "wgs84", accuracy_m: Math.round(coords.accuracy) }
      told({ ok: true, said: `已定位，±${point.accuracy_m} 米`, point, at: Date.now() })
    },
    error => told({ ...(now.point && Date.now() - now.at < 600_000 ? now : { ok: false, said: error.code === 1 ? "没有给定位权限，写上地点就行" : "还没定到位，写上地点就行" }) }),
    { enableHighAccuracy: true, maximumAge: 30_000, timeout: 20_000 },
  )
}
export function rest() {
  if (watching !== null) navigator.geolocation.clearWatch(watching)
  watching = null
}

// The circle of the accuracy: the smaller, the fuller.
const ring = point => (point ? html`<svg class="ring" viewBox="-50 -50 100 100" aria-hidden="true"><circle r="${Math.max(8, Math.min(48, point.accuracy_m))}"/><circle r="5" class="dot"/></svg>` : icon("pin"))
export const placeNote = () => html`<p class="note ${now.ok ? "ok" : ""}" data-place>${ring(now.point)}<span>${now.said}</span></p>`

function told(next) {
  now = next
  const line = app.querySelector("[data-place]")
  if (line) line.outerHTML = String(placeNote())
  listeners.forEach(listener => listener())
}
const listeners = new Set()
export const onPlace = listener => { listeners.add(listener); return () => listeners.delete(listener) }

// Metres on the sphere; for sorting and showing, not for law.
export function metres(a, b) {
  const rad = Math.PI / 180, x = (b.lon - a.lon) * rad * Math.cos(((a.lat + b.lat) / 2) * rad), y = (b.lat - a.lat) * rad
  return Math.sqrt(x * x + y * y) * 6_371_000
}
