// The visit that is being written: by its task, or without one. What the task has need not be said again.
import * as drafts from "../drafts.js"
import * as store from "../store.js"
import { unitOrSite } from "../units.js"
import { facts } from "./facts.js"

const SAME_DAY = 12 * 3600_000 // whoever went along this morning goes along still
const keyOf = id => (id ? `visit-${id}` : "visit")
const NEW = {
  task: null, unit: null, known: null, where: "", elsewhere: false, place: "", region: "", sector: "", department: "", set: false, authority: "", kind: "routine", type: "daily", source: {}, checklist: "",
  unanswered: "pass", items: {}, findings: [], reviews: {}, course: {}, of_task: {}, who: {}, companions: [], open: "", signed: {}, refused: {},
}

export class Saved extends Error {} // it was saved on another page of this phone
let mine = null // what this page has open
export const leave = () => { mine = null }

export async function current(id = "") {
  const key = keyOf(id), found = await drafts.existing(key)
  if (!found && mine && mine.key === key) { throw new Saved("这次检查已经在另一个页面上保存了，在队列里。") }
  const draft = found || (await drafts.open(key, await begun(id)))
  mine = { key, id: draft.id }
  return draft
}

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

// The server refused the body: nothing of it is stored, so it may be put right under the same id.
export async function reopen(id) {
  const key = keyOf(id)
  await store.change(id, now => ({ state: "draft", key, why: "", words: { ...now.words, open: "" } }))
  await store.keep(`draft-${key}`, id)
}
