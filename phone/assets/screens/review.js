// One hazard on the spot: how it was beside how it is, and the step that follows.
import * as acts from "../acts.js"
import { companions, last, refresh, remember, toggled } from "../companions.js"
import * as drafts from "../drafts.js"
import * as evidence from "../evidence.js"
import { draw, fault, go } from "../frame.js"
import { known, learn } from "../known.js"
import { button, choice, day, dock, due, field, hour, html, icon, level, note, top } from "../parts.js"
import { locate, placeNote, rest } from "../place.js"
import { changedSend } from "../sending.js"
import * as store from "../store.js"
import { unit } from "../units.js"
import { dayOf, stateOf } from "./reviews.js"

let asked = ""
const IN_DAYS = [3, 7, 15]
const after = days => day(Date.now() + days * 86_400_000)
const draftOf = async id => (await drafts.existing(`review-${id}`)) || drafts.open(`review-${id}`, { act: "", who: "", companions: (await last()).slice(0, 1) })
const write = async (id, facts) => drafts.write(await draftOf(id), facts)

export default {
  route: "review",
  async draw(id) {
    const [row, told, person] = await Promise.all([rowOf(id), known(id), store.get("person")])
    const left = await drafts.existing(`review-${id}`) // also of what has ended meanwhile
    if (!row) return html`${top("隐患", "", "", "reviews")}<main class="stack"><p class="card empty">这一条不在这台手机上：可能已经销号，或者不归您管。<br>有信号时会再找一遍。</p>${left ? drafts.unwanted(left, "写的不要了") : ""}</main>`
    const chosen = await unit(row.enterprise), sent = await underWay(id, row), open = sent ? [] : acts.open(row, person, told && told.hazard), draft = open.length ? await draftOf(id) : null
    const act = draft && (open.find(each => each.step === draft.words.act) || (open.length === 1 ? open[0] : null)), photos = draft ? await evidence.evidenceOf(draft) : []
    return html`${top(chosen ? chosen.name : row.place || "隐患", draft ? drafts.savedNote(draft.words, "") : "", "", "reviews")}
      <main class="stack">${act ? "" : note(fault(), { look: "stop" })}
      <section class="card stack"><div class="tags">${level(row.level)}${due(dayOf(row))}<span class="state">${stateOf(row)}</span></div><p>${row.description}</p>
        ${told && told.hazard.plan ? html`<p class="dim">${told.hazard.plan.responsible_person ? `${told.hazard.plan.responsible_person}负责：` : ""}${told.hazard.plan.measures}</p>` : ""}</section>
      ${beside(told, photos, act ? Boolean(act.photos || act.two) : open.some(each => each.photos))}
      ${sent ? note(html`<b>${sent.title}</b><br>${sent.state === "received" ? `已收（${hour(sent.received_at)}）` : sent.state === "stopped" ? `退回：${sent.why}。到“队列”处理。` : "存在这台手机上，有信号就送。"}`, { look: sent.state === "received" ? "ok" : "" }) : ""}
      ${open.length > 1 ? choice("act", "结果", act ? act.step : "", open.map(each => [each.step, each.words])) : ""}
      ${act ? await form(act, row, draft.words, person) : ""}
      ${!open.length && !sent ? html`<p class="dim">${NEXT[row.state] || "现在没有要您办的。"}</p>` : ""}${left ? drafts.unwanted(left, "写的不要了") : ""}</main>
      ${act ? dock(button("save", act.save, { look: "go big", sign: act.step === "fail" ? "redo" : "ok" })) : ""}`
  },
  drawn(id) {
    locate()
    if (asked === id) return
    asked = id
    learn(id).then(draw).catch(() => {}) // without a line: what was kept
  },
  leave() { rest(); asked = "" },
  taken: (file, id) => shot(file, id),
  deeds: {
    ...evidence.taking(draftOf),
    act: async (step, id) => { await write(id, { act: step }); draw() },
    days: async (deadline, id) => { await write(id, { deadline }); draw() },
    companion: async (person, id) => { await write(id, words => ({ companions: toggled(words.companions, person).slice(-1), who: "" })); draw() },
    discard: async (of, id) => { await drafts.discard(await draftOf(id)); go("reviews") },
    save: evidence.once((of, id) => save(id)),
  },
  async words(name, value, id) {
    await write(id, { [name]: value })
    if (name === "who") refresh((await draftOf(id)).words.companions, value)
  },
}
const NEXT = {
  reported: "已上报，等有权的部门确认。", confirmed: "已确认，等下整改通知。", ordered: "已责令整改，等单位签收。", rectifying: "单位正在改，改好了会申请复查；期满也转到这里。",
  review_requested: "单位说改好了，等两名执法人员来复查；重大隐患由部门负责人销号。", enforcement: "已转执法，案件里办。",
}

// The row of sync; of what it has not, the last that was fetched.
async function rowOf(id) {
  const row = await store.rowOf("hazards", id), told = row ? null : await known(id)
  return row || (told && { ...told.hazard, due_on: told.hazard.deadline })
}
// A step of this state that is on its way, or was just taken.
const underWay = async (id, row) => (await store.everything()).filter(each => each.state !== "draft" && (each.path || "").startsWith(`hazards/${id}/`) && each.words.state === row.state).pop()

async function shot(file, id) { await evidence.take(file, await draftOf(id)); draw() }

// 整改前 beside the camera.
function beside(told, photos, mine) {
  const before = ((told && told.photos) || []).filter(each => each.shows !== "after"), [first] = before.filter(each => each.bytes), own = photos.filter(each => !evidence.isVoice(each))
  if (!mine && !first) return ""
  return html`<div class="beside"><figure>${first ? html`<img src="${evidence.urlOf(first)}" alt="整改前">` : html`<div class="blank">${told ? "没有整改前的照片" : "照片有信号时取来"}</div>`}<figcaption>整改前${first && first.taken_at ? ` ${day(first.taken_at)}` : ""}</figcaption></figure>
    ${mine ? html`<figure>${own.length ? html`<img src="${evidence.urlOf(own[own.length - 1])}" alt="现在">` : html`<button type="button" class="btn go" data-deed="shoot" data-of="">${icon("cam")}拍现在</button>`}<figcaption>现在</figcaption></figure>` : ""}</div>
    ${mine && photos.length ? evidence.shots(photos) : ""}${mine ? html`<div class="btns">${own.length ? button("shoot", "再拍", { sign: "cam" }) : button("album", "从相册选", { sign: "down" })}${evidence.voiceButton()}</div>${placeNote()}` : ""}`
}

async function form(act, row, words, person) {
  return html`${act.two && person.role !== "township_officer" ? html`<section class="card stack">${await companions(words.companions, words.who, { label: "和谁一起复查（两个人）", one: true })}</section>` : ""}
    ${act.days ? html`<section class="card stack"><p class="dim">新期限</p>${choice("days", "新期限", words.deadline, IN_DAYS.map(days => [after(days), html`${days} 天<br><small>${after(days).slice(5)}</small>`]))}
      ${field("或选一天", html`<input type="date" name="deadline" value="${words.deadline || ""}" min="${after(1)}">`)}</section>` : ""}
    ${act.fields(row.level).map(({ name, label, rows, most, money }) => field(label, rows ? html`<textarea name="${name}" rows="${rows}" maxlength="2000">${words[name]}</textarea>`
      : html`<input name="${name}" maxlength="${most || 20}" value="${words[name]}"${money ? html` inputmode="decimal"` : ""}>`))}`
}

async function save(id) {
  const row = await rowOf(id), person = await store.get("person"), told = await known(id), draft = await draftOf(id), photos = await evidence.evidenceOf(draft), open = acts.open(row, person, told && told.hazard)
  const act = open.find(each => each.step === draft.words.act) || open[0], chosen = await unit(row.enterprise)
  const body = acts.bodyOf(act, row, draft.words, photos, person)
  if (act.two) await remember(draft.words.companions)
  await drafts.write(draft, { state: row.state })
  await drafts.save(draft, { path: `hazards/${id}/${act.step}`, about: `hazards/${id}`, method: "POST", plain: true, body, title: `${act.save}：${chosen ? chosen.name : row.place}` })
  changedSend()
  go("reviews")
}
