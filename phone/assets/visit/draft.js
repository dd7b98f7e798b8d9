// The visit that is being written: by its task, or without one. What the task has need not be said again.
import * as drafts from "../drafts.js"
import * as store from "../store.js"
import { unitOrSite } from "../units.js"
import { facts } from "./facts.js"

const SAME_DAY = 12 * 3600_000 // whoever went along this morning goes along still
const HOURS = 4 * 3600_000
const keyOf = id => (id ? `visit-${id}` : "visit")
const NEW = {
  task: null, unit: null, known: null, where: "", elsewhere: false, place: "", region: "", sector: "", department: "", set: false, authority: "", kind: "routine", type: "daily", source: {}, checklist: "",
  unanswered: "pass", items: {}, findings: [], reviews: {}, course: {}, of_task: {}, who: {}, companions: [], open: "", signed: {}, refused: {},
}

export async function current(id = "") {
  const key = keyOf(id), open = drafts.isOpen(key), stands = await drafts.existing(key)
  if (!stands) return drafts.open(key, await begun(id))
  return !open && lookedAt(stands) ? store.change(stands.id, await anew(id)) : stands
}

// A page that was only looked at hours ago is no visit that lasts since then.
const lookedAt = ({ words, made_at }) => !words.saved && Date.now() - Date.parse(made_at) > HOURS
const anew = async id => ({ made_at: new Date().toISOString(), words: await begun(id) })

async function begun(id) {
  return { ...(await filled(id)), started_at: new Date().toISOString() }
}
async function filled(id) {
  const last = (await store.get("last-visit")) || {}, task = id && (await store.rowOf("tasks", id)), office = await facts(), me = (await store.get("person")) || {}
  const recent = Date.now() - (last.at || 0) < SAME_DAY && last.by === me.id ? last.companions : []
  const offered = office.authorities || [], authority = offered.includes("administrative") ? "administrative" : offered[0] || (me.role === "village_officer" ? "patrol" : "administrative")
  if (!task) return { ...NEW, unit: (await unitOrSite(id)) ? id : null, authority, source: last.source || {}, companions: recent, who: await personOf(id) }
  const { enterprise, site, sector, kind, type, source, department, course, assignees, region } = task, at = enterprise || site
  return {
    ...NEW, set: true, task: task.id, unit: at, known: (await unitOrSite(at)) || { id: at, name: "任务里写的单位", sector, ...(site ? { place_type: "" } : {}) }, sector, kind, type, source: source || {}, department, region, authority: task.authority, of_task: course || {}, who: await personOf(at),
    companions: [...new Set([...assignees.filter(each => each !== me.id), ...recent])],
  }
}

// Whom one met there the last time.
export const personOf = async unit => (unit && (await store.get(`person-of-${unit}`))) || { name: "", post: "" }
export const remember = async (draft, me) => {
  const { unit, who, companions, source, task, course } = draft.words, before = (await store.get("last-visit")) || {}
  if (unit && who.name) await store.keep(`person-of-${unit}`, who)
  await store.keep("last-visit", { at: Date.now(), by: me, companions, source: task ? before.source : source, approver: (course.approval || {}).approver || before.approver })
}

export const write = async (id, words) => drafts.write(await current(id), words)
export const inside = (name, of) => now => ({ [name]: { ...now[name], ...(typeof of === "function" ? of(now[name]) : of) } })
