// What became of a visit: its receipt, its papers, what the server remarked; and putting it right. Without ID: one's own visits.
import { draw, fault, go } from "../frame.js"
import { Away, ask } from "../line.js"
import { newId } from "../outbox.js"
import { button, day, field, hour, html, icon, link, note, row, section, top } from "../parts.js"
import { changedSend } from "../sending.js"
import * as store from "../store.js"
import { picker, refresh, unitOrSite } from "../units.js"
import { local, ofLocal } from "../visit/course.js"
import { isSite } from "../visit/where.js"
import { RESULTS } from "../visit/labels.js"
import { directory } from "../visit/people.js"

const SHOWN = 60, FRESH = 4_000 // milliseconds; papers of the worker come a moment after the receipt
let held = { id: "", told: null, at: 0 }, mending = null

export default {
  route: "visited",
  draw: id => (id ? one(id) : mine()),
  leave() { held = { id: "", told: null, at: 0 }; mending = null },
  deeds: {
    open: paper => opened(paper, ""),
    narrow: paper => opened(paper, "narrow"),
    again: () => { held.at = 0; draw() },
    mend: (what, id) => { mending = mending && mending.what === what ? null : begun(what, id); draw() },
    unit: id => { mending = { ...mending, changes: id ? { [mending.site ? "site" : "enterprise"]: id } : {}, words: "" }; return choose(id) },
    along: id => { const some = mending.changes.companions; mending.changes.companions = some.includes(id) ? some.filter(each => each !== id) : [...some, id]; draw() },
    result: of => { const [item, result] = of.split(" "); mending.changes.answers = [...mending.changes.answers.filter(each => each.item !== item), { item, result }]; draw() },
    send,
  },
  words(name, value) {
    if (!mending) return
    if (name === "unit") { mending.words = value; return refresh(value, { withSites: true }) }
    if (name === "reason") mending.reason = value
  },
  picked(name, value) { if (mending && (name === "started_at" || name === "finished_at")) mending.changes[name] = ofLocal(value) },
}

// --- one's own ---------------------------------------------------------------------------------------------------------------------
async function mine() {
  const visits = (await store.rowsOf("inspections")).sort((a, b) => (a.started_at < b.started_at ? 1 : -1)).slice(0, SHOWN)
  const rows = await Promise.all(visits.map(async each => {
    const at = await unitOrSite(each.enterprise || each.site)
    return row(html`<div><div class="tags"><span class="state done">已收</span><small class="end">${day(each.started_at)}</small></div><b>${at ? at.name : each.place || "不在名单里的单位"}</b><br><small>${each.hazards_found ? `查出 ${each.hazards_found} 条` : "没有查出问题"}${each.joined_to ? "，已并入另一条" : ""}</small></div>`, { href: `visited/${each.id}` })
  }))
  return html`${top("我做的检查", "近 60 天，服务器收到的")}<main class="stack">${section(`${visits.length} 次`, rows, { empty: "还没有收到的检查。还在本机的在“队列”里。" })}</main>`
}

// --- one ---------------------------------------------------------------------------------------------------------------------------
async function one(id) {
  const entry = await store.record(id), sent = !entry || entry.state === "received" || entry.stands, told = sent ? await fetched(id, entry && entry.state === "received") : null
  const body = told || (entry && entry.body) || null, unit = body && (await unitOrSite(body.enterprise || body.site))
  const title = (told && (told.enterprise_name || told.place)) || (unit && unit.name) || (entry && entry.title) || "这次检查", papers = (told && told.papers) || (entry && entry.papers) || []
  const text = entry && entry.body && entry.body.order_paper && entry.body.order_paper.text, remarks = told ? told.remarks.map(each => each.detail || each.sentence || each) : (entry && entry.remarks) || []
  return html`${top(title, body ? `${day(body.started_at)} ${hour(body.started_at).slice(0, 5)}` : "")}<main class="stack">${note(fault(), { look: "stop" })}
    ${state(entry, told)}
    ${papers.length ? html`<section class="card rows"><header><h2>文书 ${papers.length} 份</h2></header><ul>${papers.map(each => html`<li>${paper(each)}</li>`)}</ul></section>` : ""}
    ${text && !papers.some(each => each.kind === "rectify_order" && each.number) ? html`<section class="card paper"><div class="tags"><span class="state here">文号待回传</span></div>${text.split("\n").map((each, at) => html`<p class="${at ? "" : "head"}">${each}</p>`)}</section>` : ""}
    ${remarks.length ? section("服务器的提示", remarks.map(words => row(html`${icon("warn")}<div>${words}</div>`)), { aside: "都已收下，只是提醒" }) : ""}
    ${told ? summary(told) : ""}${told ? await correcting(told) : ""}</main>
    <nav class="dock">${told ? button("again", "再看一次", { sign: "redo" }) : ""}${link("", "回首页", { look: "go big" })}</nav>`
}

function state(entry, told) {
  if (entry && entry.state === "stopped") return note(html`<b>退回：${entry.why}</b><br>您的这份没丢。<a class="link" href="#/queue">到队列里处理</a>`, { look: "stop" })
  if (told && !told.complete) return note(`记录到了（${hour(told.received_at)}），照片还没有到齐，接着送。`)
  if (told || (entry && entry.state === "received")) return note(`已收（${hour((told || entry).received_at)}）`, { look: "ok" })
  return entry ? note(html`<b>存在这台手机上。</b><br>${entry.state === "sending" || entry.stands ? "正在送。" : "有信号就送，不用等。"}文书上的文号收到后回传。`, { look: "ok" }) : note("这次检查要有信号才看得到。")
}
const paper = each => row(html`<div><b>${each.title}</b><br><small>${each.number || (each.draft ? `还没有出：${each.reason_detail || "等办公室补全"}` : "正在编号")}</small>
  ${each.number && each.id ? html`<div class="btns">${button("open", "打开、转发", { of: each.id, sign: "share", look: "go" })}${button("narrow", "80 毫米小票", { of: each.id })}</div>` : ""}</div>`)
const summary = told => html`<section class="card stack"><h2>查了什么</h2><p>${told.hazards.length ? `查出 ${told.hazards.length} 条` : "没有查出问题"}，${told.photos.length} 张照片</p>
  ${told.hazards.map(each => html`<p>${each.description}${each.deadline ? html` <small>限 ${each.deadline}</small>` : ""}</p>`)}</section>`

async function fetched(id, whole) {
  if (held.id !== id) held = { id, told: null, at: 0 }
  const stale = whole && held.told && !held.told.complete // its photos are through by now
  if (Date.now() - held.at < FRESH && !stale) return held.told
  held.at = Date.now()
  held.told = await ask("GET", `inspections/${id}`, { seconds: 20 }).then(answer => answer.told, () => held.told)
  return held.told
}

// As a file for the phone's share sheet (print, WeChat, a field printer's app); where there is none it is downloaded and opened by the phone.
async function opened(id, form) {
  const answer = await ask("GET", `papers/${id}.pdf${form ? `?form=${form}` : ""}`).catch(error => { throw error instanceof Away ? new Error("打开文书要有信号；没有信号时给对方看上面的全文。") : error })
  const each = ((held.told && held.told.papers) || []).find(paper => paper.id === id) || {}, name = `${each.title || "文书"}${each.number || ""}.pdf`
  const file = new File([await answer.arrayBuffer()], name, { type: "application/pdf" })
  if (navigator.canShare && navigator.canShare({ files: [file] })) return navigator.share({ files: [file], title: name }).catch(() => {}) // the person closed the sheet
  Object.assign(document.createElement("a"), { href: URL.createObjectURL(file), download: name }).click()
}

// --- putting it right: a step with its own key, sent like everything else --------------------------------------------------------------
const WHAT = [["unit", "单位错了"], ["companions", "同行人"], ["times", "时间"], ["answers", "检查项"]]
function begun(what, id) {
  const { told } = held
  const changes = { unit: {}, companions: { companions: [...told.companions] }, times: {}, answers: { answers: told.answers.map(({ item, result, note }) => ({ item, result, note })) } }[what]
  return { what, id, changes, reason: "", words: "", site: Boolean(told.site) }
}
async function choose(id) {
  const chosen = await unitOrSite(id)
  if (chosen) mending.changes = isSite(chosen) ? { site: id, enterprise: null } : { enterprise: id, site: null }
  draw()
}
async function correcting(told) {
  return html`<section class="card stack"><h2>更正</h2><p class="dim">原来的一份留着，更正写明理由。照片和隐患另有办法。</p><div class="btns">${WHAT.map(([what, words]) => button("mend", words, { of: what, pressed: Boolean(mending) && mending.what === what, look: mending && mending.what === what ? "on" : "" }))}</div>
    ${mending ? html`${await control(told)}${field("为什么更正", html`<input name="reason" maxlength="500" value="${mending.reason}">`)}${button("send", "报更正", { look: "go" })}` : ""}</section>`
}
async function control(told) {
  const { what, changes } = mending
  if (what === "unit") {
    const chosen = await unitOrSite(changes.enterprise || changes.site)
    return chosen ? html`<p class="chosen"><b>${chosen.name}</b>${button("unit", "换", { of: "" })}</p>` : picker(mending.words, { label: "应当是哪一家", withSites: true })
  }
  if (what === "times") return html`${field("开始", html`<input type="datetime-local" name="started_at" value="${local(changes.started_at || told.started_at)}">`)}${field("结束", html`<input type="datetime-local" name="finished_at" value="${local(changes.finished_at || told.finished_at)}">`)}`
  if (what === "companions") {
    const { others, byId } = await directory(), all = [...new Set([...changes.companions, ...others.map(each => each.id)])]
    return html`<div class="chips">${all.map(id => html`<button type="button" class="chip ${changes.companions.includes(id) ? "on" : ""}" data-deed="along" data-of="${id}" aria-pressed="${String(changes.companions.includes(id))}">${(byId.get(id) || {}).name || "同行人"}</button>`)}</div>`
  }
  const list = (await store.list("checklists")).find(each => told.checklist && each.code === told.checklist.code && each.version === told.checklist.version)
  if (!list) return html`<p class="dim">这次没有用检查表，或者这张表已经换了版本：请办公室更正。</p>`
  const now = new Map(changes.answers.map(each => [each.item, each.result])), rest = told.unanswered === "pass" ? "pass" : ""
  return html`<ul class="picked">${list.items.map(([code, text]) => html`<li><div class="row"><div><small>${code}</small> ${text}<div class="choice" role="group" aria-label="${code}">${Object.entries(RESULTS).map(([value, [, words]]) => html`<button type="button" data-deed="result" data-of="${code} ${value}" aria-pressed="${String((now.get(code) || rest) === value)}">${words}</button>`)}</div></div></div></li>`)}</ul>`
}
async function send() {
  const { id, changes, reason } = mending, me = ((await store.get("person")) || {}).id
  if (!Object.keys(changes).length) throw new Error("还没有改什么。")
  if (!reason.trim()) throw new Error("请写明为什么更正。")
  const title = `更正：${(held.told && held.told.enterprise_name) || "检查"}`
  await store.saveRecord({ id: newId(), kind: "correction", by: me, state: "here", method: "POST", path: `inspections/${id}/correct`, about: `inspections/${id}`, body: { reason: reason.trim(), ...changes }, title, plain: true, photos: [], made_at: new Date().toISOString() })
  mending = null
  changedSend()
  go("queue")
}
