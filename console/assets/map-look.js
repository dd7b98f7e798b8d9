/* How the map looks: layers over our own ground, signs that read without colour. Colours are those of the page (tokens.css). */

const token = name => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim()
const SIDE = 26 // of a sign, CSS pixels
const SHARES = 8 // the ring of a cluster says the share of major ones in eighths
const EMPTY = { type: "FeatureCollection", features: [] }
const MAJORS = ["coalesce", ["get", "majors"], 0]
const COUNT = ["coalesce", ["get", "count"], 1]
const IS_CLUSTER = [">", COUNT, 1]
const SINGLE = ["!", IS_CLUSTER]
const SIZE = ["step", COUNT, .72, 10, .86, 50, 1, 200, 1.16, 1000, 1.34]
const ENDED = ["closed", "rejected", "transferred", "void", "unit_closed"]

export function style(tiles, backdrop) {
  const origin = location.origin
  return {
    version: 8,
    sources: {
      ...(backdrop ? { backdrop: { type: "raster", tiles: [origin + backdrop], tileSize: 256, maxzoom: 18 } } : {}),
      regions: { type: "geojson", data: `${origin}/api/v1/map/regions.geojson?region=141123` },
      places: { type: "geojson", data: `${origin}/map/places` },
      hazards: { type: "vector", tiles, minzoom: 0, maxzoom: 17 },
      open: { type: "geojson", data: EMPTY },
    },
    layers: [
      { id: "ground", type: "background" },
      ...(backdrop ? [{ id: "backdrop", type: "raster", source: "backdrop" }] : []),
      { id: "land", type: "fill", source: "regions", filter: ["==", ["get", "level"], "township"] },
      { id: "shore", type: "line", source: "regions", filter: ["==", ["get", "level"], "county"], layout: { "line-join": "round" } },
      { id: "township-lines", type: "line", source: "regions", filter: ["==", ["get", "level"], "township"] },
      { id: "county-line", type: "line", source: "regions", filter: ["==", ["get", "level"], "county"], layout: { "line-join": "round" } },
      { id: "villages", type: "symbol", source: "places", minzoom: 11.5, filter: ["==", ["get", "level"], "village"], layout: { "text-field": ["get", "name"], "text-size": 12, "text-padding": 4 } },
      {
        id: "beat", type: "circle", source: "hazards", "source-layer": "hazards",
        filter: [">=", ["coalesce", ["get", "late_majors"], 0], 1],
        paint: { "circle-radius": 13, "circle-opacity": .45, "circle-radius-transition": { duration: 850 }, "circle-opacity-transition": { duration: 850 } },
      },
      { id: "opened", type: "circle", source: "open", paint: { "circle-radius": 24, "circle-opacity": .35, "circle-stroke-width": 3 } },
      {
        id: "points", type: "symbol", source: "hazards", "source-layer": "hazards", filter: SINGLE,
        layout: {
          "icon-image": sign(), "icon-allow-overlap": true,
          "symbol-sort-key": ["+", ["case", ["==", ["get", "level"], "major"], 2, 0], ["case", ["==", ["get", "overdue"], true], 1, 0]],
        },
      },
      {
        id: "late-ones", type: "symbol", source: "hazards", "source-layer": "hazards", filter: ["all", IS_CLUSTER, [">=", ["coalesce", ["get", "overdues"], 0], 1]],
        layout: {
          "text-field": ["concat", "逾", ["to-string", ["get", "overdues"]]], "text-size": 12, "text-offset": [0, 2.25], "icon-image": "late-tag", "icon-text-fit": "both",
          "icon-text-fit-padding": [1, 5, 1, 5], "text-allow-overlap": true, "icon-allow-overlap": true,
        },
      },
      {
        id: "clusters", type: "symbol", source: "hazards", "source-layer": "hazards", filter: IS_CLUSTER,
        layout: {
          "icon-image": ["concat", "ring-", ["case", [">=", late(), 1], "late-", ""], ["to-string", share()]], "icon-size": SIZE, "icon-allow-overlap": true,
          "text-field": ["to-string", COUNT], "text-size": ["step", COUNT, 14, 50, 15, 1000, 16], "text-allow-overlap": true,
          "symbol-sort-key": COUNT,
        },
      },
      {
        id: "townships", type: "symbol", source: "places", maxzoom: 14, filter: ["==", ["get", "level"], "township"],
        layout: {
          "text-field": ["get", "name"], "text-size": ["interpolate", ["linear"], ["zoom"], 8, 12, 9, 14, 11, 17], "text-padding": 1, "text-ignore-placement": true,
          "text-offset": [0, -2.2], "text-overlap": "always",
        },
      },
    ],
  }
}

function late() { return ["coalesce", ["get", "late_majors"], 0] }

/** Major ones in eighths of all; one is seen, however many others there are. */
function share() {
  return ["case", ["==", MAJORS, 0], 0, ["max", 1, ["round", ["*", SHARES, ["/", MAJORS, COUNT]]]]]
}

/** By level, state, overdue: `major-todo`, `general-open-late` … */
function sign() {
  const level = ["coalesce", ["get", "level"], "general"]
  const state = ["match", ["coalesce", ["get", "state"], ""], "reported", "todo", "review_requested", "review", ENDED, "ended", "open"]
  return ["concat", level, "-", state, ["case", ["==", ["get", "overdue"], true], "-late", ""]]
}

/* --- colours --- */
/** Once the style is there, and again when the page turns dark. */
export function paint(map) {
  const ink = token("ink"), card = token("card"), ground = token("ground"), line = token("edge"), dim = token("ink-2")
  const over = Boolean(map.getLayer("backdrop"))
  const values = {
    ground: { "background-color": ground }, land: { "fill-color": card, "fill-opacity": over ? .25 : 1 },
    shore: { "line-color": token("line"), "line-width": 9, "line-opacity": .9 }, "county-line": { "line-color": dim, "line-width": 2 },
    "township-lines": { "line-color": line, "line-width": 1, "line-dasharray": [4, 3] },
    villages: { "text-color": dim, "text-halo-color": card, "text-halo-width": 1.5 }, townships: { "text-color": ink, "text-halo-color": card, "text-halo-width": 2 },
    beat: { "circle-color": token("red") }, opened: { "circle-color": token("go"), "circle-stroke-color": token("go") },
    clusters: { "text-color": ink }, "late-ones": { "text-color": token("on-late") },
  }
  for (const [layer, some] of Object.entries(values)) for (const [name, value] of Object.entries(some)) map.setPaintProperty(layer, name, value)
  signs(map)
}

export function icons(map) {
  map.on("style.load", () => paint(map))
  map.on("styleimagemissing", event => { if (!map.hasImage(event.id)) signs(map) })
}

/* --- signs --- */
function signs(map) {
  for (const level of ["major", "general"]) {
    for (const state of ["open", "todo", "review", "ended"]) {
      for (const late of ["", "-late"]) put(map, `${level}-${state}${late}`, SIDE + 12, pen => hazard(pen, level, state, Boolean(late)))
    }
  }
  put(map, "late-tag", 20, tag)
  for (let share = 0; share <= SHARES; share += 1) {
    put(map, `ring-${share}`, 52, pen => ring(pen, share / SHARES, false))
    put(map, `ring-late-${share}`, 52, pen => ring(pen, share / SHARES, true))
  }
}

function put(map, name, side, drawn) {
  const ratio = 2, canvas = Object.assign(document.createElement("canvas"), { width: side * ratio, height: side * ratio })
  const pen = canvas.getContext("2d", { willReadFrequently: true })
  pen.scale(ratio, ratio)
  pen.translate(side / 2, side / 2)
  drawn(pen)
  const image = pen.getImageData(0, 0, side * ratio, side * ratio)
  map.hasImage(name) ? map.updateImage(name, image) : map.addImage(name, image, { pixelRatio: ratio })
}

function hazard(pen, level, state, late) {
  const ink = token("ink"), r = level === "major" ? 9.5 : 7.5
  if (late) circle(pen, 16, token("card"), ink, 3)
  pen.beginPath()
  if (level === "major") { pen.moveTo(0, -r); pen.lineTo(r, r * .8); pen.lineTo(-r, r * .8); pen.closePath() } else pen.rect(-r, -r, 2 * r, 2 * r)
  const hollow = state === "todo" || state === "ended"
  pen.fillStyle = hollow ? token("card") : token(level === "major" ? "red" : "yellow")
  pen.fill()
  pen.setLineDash(state === "todo" ? [4, 3] : [])
  pen.lineWidth = state === "todo" ? 2.4 : 1.6
  pen.strokeStyle = state === "ended" ? token("go") : state === "todo" && level === "major" ? token("red-text") : state === "todo" ? ink : "#111"
  pen.stroke()
  pen.setLineDash([])
  if (state === "review") { pen.beginPath(); pen.arc(0, level === "major" ? 2.5 : 0, 3, 0, 7); pen.fillStyle = level === "major" ? "#fff" : "#111"; pen.fill() }
}

function tag(pen) {
  pen.fillStyle = token("late")
  pen.beginPath()
  pen.moveTo(-6, -10)
  for (const [x, y, a, b] of [[10, -10, 10, 10], [10, 10, -10, 10], [-10, 10, -10, -10], [-10, -10, 10, -10]]) pen.arcTo(x, y, a, b, 4)
  pen.fill()
}

function circle(pen, radius, fill, stroke, width) {
  pen.beginPath()
  pen.arc(0, 0, radius, 0, 7)
  pen.fillStyle = fill
  pen.fill()
  pen.lineWidth = width
  pen.strokeStyle = stroke
  pen.stroke()
}

/** Yellow round, red as far as the share goes; thin ink on both sides, so that it reads in grey. */
function ring(pen, share, late) {
  const middle = 17, top = -Math.PI / 2
  circle(pen, late ? 23.5 : 20.5, token("card"), token("ink"), late ? 3.5 : 1)
  circle(pen, middle, token("card"), token("yellow"), 5.5)
  if (share) {
    pen.beginPath()
    pen.arc(0, 0, middle, top, top + share * 2 * Math.PI)
    pen.lineWidth = 7
    pen.strokeStyle = token("red")
    pen.stroke()
  }
  pen.beginPath()
  pen.arc(0, 0, middle - 3.2, 0, 7)
  pen.lineWidth = 1
  pen.strokeStyle = token("ink")
  pen.stroke()
}
