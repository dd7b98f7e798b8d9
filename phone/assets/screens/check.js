// 自查: a unit's own round at one level; only what is wrong is touched. One save: the round, and each finding as a hazard of its own.
import * as drafts from "../drafts.js"
import * as evidence from "../evidence.js"
import * as findings from "../findings.js"
import { draw, go } from "../frame.js"
import { button, choice, dock, field, html, icon, row, section, since, top } from "../parts.js"
import { locate, place, placeNote, rest } from "../place.js"
import { changedSend } from "../sending.js"
import * as store from "../store.js"
import { unit } from "../units.js"

const KEY = "check", LEVELS = [["post", "岗位"], ["team", "班组"], ["workshop", "车间"], ["company", "公司"]]
const ORDER = LEVELS.map(([code]) => code), COLOURS = { red: "重大风险", orange: "较大风险", yellow: "一般风险", blue: "低风险" }
const draftNow = async () => (await drafts.existing(KEY)) || drafts.open(KEY, { level: (await store.get("check-level")) || "post", skipped: [], findings: [], note: "" })
const write = async facts => drafts.write(await draftNow(), facts)
// A point that a level controls is looked at by that level and by all below it.
const pointsAt = (level, risks) => ((risks && risks.points) || []).filter(each => ORDER.indexOf(level) <= ORDER.indexOf(each.control_level))

export default {
  route: "check",
  still: true,
  hears: what => what !== "queue", // what sync brings: lists, units, limits
  async draw() {
    const draft = await draftNow(), { words } = draft, risks = await store.get("risks"), points = pointsAt(words.level, risks), photos = await evidence.evidenceOf(draft)
    const own = words.findings.filter(each => !points.some(point => point.id === each.of)), wrong = words.findings.length
    return html`${top("自查", drafts.savedNote(words, "只点有问题的，其余算查过"))}<main class="stack">
      ${choice("level", "哪一级自查", words.level, LEVELS)}${duty(words.level, risks)}
      ${section(`${points.length} 个风险点`, points.map(each => pointRow(each, words)), { aside: risks ? `${since(risks.at)}取的` : "", empty: risks ? "这一级没有风险点；有问题照样记。" : "风险点还没有取来。没有名单也能自查：算本级的全部。" })}
      ${words.findings.map((each, at) => findings.card(each, photos, at, { title: nameOf(each, points) }))}
      ${button("wrong", own.length ? "别处再记一条" : "别处有问题", { of: "", sign: "warn" })}
      ${field("要说明的（可以不写）", html`<textarea name="note" rows="2" maxlength="1000">${words.note}</textarea>`)}${wrong ? placeNote() : ""}${drafts.unwanted(draft, "这次自查不要了")}</main>
      ${dock(button("save", wrong ? `查完了，${wrong} 处问题` : "查完了，没问题", { look: "go big", sign: "ok" }))}`
  },
  drawn: locate,
  leave: rest,
  deeds: {
    ...findings.deedsOf(draftNow),
    level: async level => { await write({ level, skipped: [] }); draw() },
    skip: async id => { await write(words => ({ skipped: words.skipped.includes(id) ? words.skipped.filter(each => each !== id) : [...words.skipped, id] })); draw() },
    wrong: async of => { await write(words => ({ findings: [...words.findings, findings.finding({ of })], skipped: words.skipped.filter(each => each !== of) })); draw() },
    discard: async () => { await drafts.discard(await draftNow()); go("") },
    save: evidence.once(save),
  },
  async words(name, value) { if (!(await findings.wrote(draftNow, name, value)) && name === "note") await write({ note: value }) },
}
const nameOf = (each, points) => { const point = points.find(one => one.id === each.of); return point ? `${point.name}有问题` : "有问题" }
const pointRow = (each, { skipped, findings: wrong }) => row(html`${icon(skipped.includes(each.id) ? "x" : wrong.some(one => one.of === each.id) ? "warn" : "ok")}<div><b>${each.name}</b><br><small>${[COLOURS[each.colour], each.place,
  skipped.includes(each.id) ? "没查" : ""].filter(Boolean).join(" · ")}</small></div>${button("wrong", "有问题", { of: each.id, label: `${each.name}有问题` })}${button("skip", skipped.includes(each.id) ? "查了" : "没查", { of: each.id, look: "bare", label: `${each.name}${skipped.includes(each.id) ? "查了" : "没查"}` })}`, { look: "wraps" })
// What is owed just now at this level, as the server reckoned it last.
function duty(level, risks) {
  const task = ((risks && risks.duty && risks.duty.now) || []).find(each => each.level === level)
  return task ? html`<p class="dim">这一期 ${task.points} 点，已查 ${task.checked}；最迟 ${task.due_on}${task.shift ? `，第 ${task.shift} 班` : ""}。</p>` : ""
}

async function save() {
  const draft = await draftNow(), { words } = draft, photos = await evidence.evidenceOf(draft), risks = await store.get("risks"), points = pointsAt(words.level, risks), person = await store.get("person")
  if (words.findings.some(each => !findings.saysSomething(each, photos))) throw new Error("有问题的地方拍一张，或写几个字；没有问题就去掉它。")
  const chosen = await unit(person.enterprise), done = points.filter(each => !words.skipped.includes(each.id)), now = new Date().toISOString()
  if (points.length && !done.length) throw new Error("一个点也没查，先不用存。")
  const hazards = words.findings.map(each => hazard(each, photos, points, person, now, chosen))
  const level = LEVELS.find(([code]) => code === words.level)[1]
  const body = { level: words.level, checked_at: now, ...(words.skipped.length ? { points: done.map(each => each.id) } : {}), hazards: hazards.map(each => each.id), note: words.note.trim() }
  await store.keep("check-level", words.level)
  await drafts.saveAll(draft, [{ id: draft.id, path: `self-checks/${draft.id}`, body, title: `${level}自查：${hazards.length ? `${hazards.length} 处有问题` : "没问题"}` }, ...hazards])
  changedSend()
  go("")
}
function hazard(each, photos, points, { enterprise }, now, chosen) {
  const own = findings.photosOf(each, photos), point = points.find(one => one.id === each.of)
  const body = {
    description: `${point ? `${point.name}：` : ""}${findings.described(each, photos)}`, level: each.level, found_at: now, enterprise, place: point ? point.place : "",
    location: own.map(photo => photo.location).find(Boolean) || place().point || null, photos: evidence.declared(own),
  }
  return { id: each.id, kind: "hazard", path: `hazards/${each.id}`, body, title: `自查发现：${point ? point.name : chosen ? chosen.name : ""}` }
}
