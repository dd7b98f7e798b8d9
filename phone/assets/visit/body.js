// From what was written to what is sent: everything that was not said is left out.
import * as evidence from "../evidence.js"
import { listOf } from "./checklists.js"
import { countyToday } from "./days.js"
import { facts } from "./facts.js"
import { findingsOf } from "./findings.js"
import { dueOf, ordered, textOf } from "./order.js"
import { isSite, sectorOf, whereOf } from "./where.js"

export async function bodyOf(draft, point) {
  const { words } = draft, chosen = await whereOf(words), sector = sectorOf(words, chosen), list = await listOf(words, sector)
  const photos = await evidence.evidenceOf(draft), found = findingsOf(words), office = await facts(), on = await countyToday(), orders = ordered(words)
  const shown = of => photos.filter(each => each.of === of).map(each => each.id), known = new Set(list.items.map(each => each.code))
  const parts = new Set(["", ...found.map(each => each.id), ...Object.keys(words.reviews)]), texts = new Map(list.items.map(each => [each.code, each.text]))
  return {
    ...placeOf(words, chosen), sector, kind: words.kind, authority: words.authority, ...(words.task ? { task: words.task } : {}),
    started_at: words.started_at, finished_at: new Date().toISOString(), location: point, companions: words.companions, ...(words.kind === "expert" && expertsOf(words).length ? { experts: expertsOf(words) } : {}),
    ...(list.chosen ? { checklist: { code: list.chosen.code, version: list.chosen.version }, unanswered: words.unanswered } : {}),
    answers: Object.entries(words.items).filter(([code, each]) => known.has(code) && (each.result !== "pass" || words.unanswered === "none")).map(([item, each]) => ({ item, result: each.result })),
    hazards: found.map(each => ({
      id: each.id, ...(known.has(each.item) ? { item: each.item } : {}), level: each.level, description: each.description.trim() || wordless(texts.get(each.item)),
      photos: shown(each.id), ...(each.clause.trim() ? { standard_clause: each.clause.trim() } : {}), ...(each.criterion ? { criterion: each.criterion } : {}),
      ...(orders.includes(each) ? { order: { measures: each.measures.trim() }, deadline: dueOf(each, office, on) || null } : each.deadline ? { deadline: each.deadline } : {}),
    })),
    reviews: Object.entries(words.reviews).map(([hazard, each]) => ({ hazard, result: each.result, note: (each.note || "").trim(), photos: shown(hazard) })),
    photos: evidence.declared(photos.filter(each => parts.has(each.of))),
    ...(words.authority === "administrative" ? courseOf(words) : {}),
    ...(orders.length ? { order_paper: { text: await textOf(words), written_at: words.order_at || new Date().toISOString(), ...gathered(words, "order") } } : {}),
  }
}
const expertsOf = words => (words.experts || "").split(/[、，,;；\s]+/).filter(Boolean).map(name => ({ name }))
const wordless = text => (text ? `不合格：${text}` : "见照片，说明待补")

function placeOf(words, chosen) {
  if (isSite(chosen)) return { site: chosen.id, place_type: chosen.place_type || "", project_type: chosen.project_type || "" }
  return chosen ? { enterprise: chosen.id } : { place: words.place.trim(), region: words.region }
}

const gathered = (words, of) => ({
  ...(words.signed[of] ? { signatures: words.signed[of] } : {}), ...(words.refused[of] ? { refusals: [words.refused[of]] } : {}),
})
function courseOf(words) {
  const { approval, scan, certificates_shown: shown, notice, record, result } = words.course, to = { to: words.who.name.trim(), post: words.who.post.trim() }
  const handed = (name, step) => (step || words.signed[name] || words.refused[name] ? { [name]: { at: new Date().toISOString(), ...to, ...step, ...gathered(words, name) } } : {})
  const source = words.source.kind ? { source: words.source } : {}
  return {
    ...(words.set ? {} : { type: words.type, ...source }), ...(approval ? { approval } : {}), ...(scan ? { scan } : {}), ...(shown ? { certificates_shown: true } : {}),
    ...handed("notice", notice), ...handed("record", record), ...(result ? { result: { ...to, ...result } } : {}),
  }
}

// Why it cannot be saved yet, in a sentence; "" when it can.
export async function lacking(words) {
  if (await whereOf(words)) return ""
  if (!words.place.trim()) return "先选一家单位，或写上地点。"
  return words.region.length === 12 ? (words.sector ? "" : "请选这里归哪个行业领域。") : "请选这里在哪个村。"
}
