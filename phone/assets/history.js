// What this phone knows of a place, with or without a code: one's earlier visits and the open hazards, by unit, by name, or within metres.
import { day } from "./parts.js"
import { metres } from "./place.js"
import * as store from "./store.js"

const SPOT = 40 // metres: a shop's front and the accuracy of a phone

export async function history({ unit, where, point }) {
  const [hazards, visits, records] = await Promise.all([store.rowsOf("hazards"), store.rowsOf("inspections"), store.everything()])
  const asked = (where || "").trim(), by = new Map(visits.map(each => [each.id, each]))
  const here = each => Boolean(point && each.lon !== null && each.lon !== undefined && metres(point, each) <= SPOT)
  const same = (id, place, spot) => (unit ? id === unit : !id && ((asked && place === asked) || here(spot)))
  const mine = records.filter(each => each.state !== "draft" && /^inspections\//.test(each.path || "")).map(({ body, path }) => ({
    id: path.split("/")[1], enterprise: body.enterprise || null, place: body.place || "", started_at: body.started_at, hazards_found: (body.hazards || []).length, ...(body.location || {}),
  }))
  const all = [...mine, ...visits.filter(each => !mine.some(own => own.id === each.id))]
  const made = all.filter(each => same(each.enterprise, each.place, each)).sort((a, b) => (a.started_at < b.started_at ? 1 : -1))
  const open = hazards.filter(each => same(each.enterprise, each.place, each))
  const names = unit ? [] : [...new Set([...all, ...hazards].filter(each => !each.enterprise && each.place && here(each)).map(each => each.place))]
  return {
    names: names.filter(each => each !== asked && !/^见定位$|^地点待补$/.test(each)).slice(0, 3), open,
    visits: made.map(each => ({ on: day(each.started_at), found: each.hazards_found, name: each.place, remarks: (by.get(each.id) || {}).remarks })),
  }
}
