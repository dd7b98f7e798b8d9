// The course of an inspection (docs/course.md): one line a step with its state, one tap where one is enough. What is missing is remarked, never refused.
import { button, field, hour, html, icon } from "../parts.js"
import * as store from "../store.js"
import { AUTHORITIES, KINDS, SOURCES, TYPES } from "./labels.js"
import { directory } from "./people.js"
import * as codes from "../codes.js"
import { scanner } from "./unit.js"

const short = moment => (moment ? `${hour(moment).slice(0, 5)} ` : "")
const nameOf = (step, people) => step.approver_name || (people.byId.get(step.approver) || {}).name || step.reported_to || ""

// The line: what it is, how it stands, what one tap does. `inside` when it is unfolded.
const line = (name, title, state, act, words, inside = "") => html`<li class="step"><div class="row"><button type="button" class="plain grow" data-deed="fold" data-of="${name}" aria-expanded="${String(words.open === name)}">${icon(state ? "ok" : "dot")}<span><b>${title}</b> <small>${state || "还没有"}</small></span></button>${act}</div>
  ${words.open === name && String(inside) ? html`<div class="inner stack">${inside}</div>` : ""}</li>`

// At the door; then, when all has been seen, before one leaves.
export async function arriving(words, office) {
  const people = await directory(), last = ((await store.get("last-visit")) || {}).approver, lines = words.authority === "administrative" ? atTheDoor(words, people, last) : []
  return html`<section class="card rows course" aria-label="进门"><ul>${line("name", named(words), words.set ? "任务里已定" : sourceOf(words), "", words, words.set ? "" : name(words, office))}${lines}</ul></section>`
}
export const leaving = words => (words.authority === "administrative" ? html`<section class="card rows course" aria-label="走之前"><header><h2>走之前</h2><small>缺的会提示，不影响保存</small></header><ul>${atTheEnd(words)}</ul></section>` : "")
const named = words => [AUTHORITIES[words.authority], words.authority === "administrative" ? TYPES[words.type] : "", KINDS[words.kind]].filter(Boolean).join(" · ")
const sourceOf = words => (words.authority !== "administrative" ? "检查名义" : words.source.kind ? [SOURCES[words.source.kind], words.source.number].filter(Boolean).join("，") : "来源还没有写")

function name(words, office) {
  const pick = (field_, label, table, chosen, some = Object.keys(table)) => field(label, html`<select name="${field_}">${some.map(each => html`<option value="${each}"${each === chosen ? html` selected` : ""}>${table[each]}</option>`)}</select>`)
  const offered = office.authorities && office.authorities.length ? office.authorities : [words.authority], administrative = words.authority === "administrative"
  return html`${pick("authority", "名义", AUTHORITIES, words.authority, [...new Set([words.authority, ...offered])])}${office.authorities_note ? html`<p class="dim">${office.authorities_note}</p>` : ""}
    ${pick("kind", "方式", KINDS, words.kind)}${words.kind === "expert" ? field("专家姓名", html`<input name="experts" maxlength="200" value="${words.experts || ""}" placeholder="几个人用顿号隔开">`) : ""}${administrative ? html`${pick("type", "类型", TYPES, words.type)}${pick("source.kind", "来源", { "": "还没有写", ...SOURCES }, words.source.kind || "", ["", ...Object.keys(SOURCES)])}
    ${field("文号、编号", html`<input name="source.number" maxlength="100" value="${words.source.number || ""}">`)}${words.source.kind === "campaign" ? field("由谁部署", html`<input name="source.ordered_by" maxlength="100" value="${words.source.ordered_by || ""}">`) : ""}` : ""}`
}

const signed = (words, of) => (words.signed[of] ? "，已签字" : words.refused[of] ? "，拒签" : "")
function atTheDoor(words, people, last) {
  const { approval, scan, notice, certificates_shown: shown } = words.course, before = words.of_task
  const asked = before.approval || approval, at = before.notice || notice
  return [
    line("approval", "审批", asked ? `${short(asked.at || asked.reported_at)}${nameOf(asked, people)}${asked.urgent ? " 紧急，先报告" : " 已批准"}` : "", before.approval ? "" : approval ? button("undo", "撤", { of: "approval" }) : last && people.byId.get(last) ? button("approved", `${people.byId.get(last).name}批了`, { of: last }) : button("fold", "填", { of: "approval" }), words,
      before.approval ? "" : approvers(words, people)),
    line("scan", "扫码入企", before.scan || scan ? (before.scan || scan).code ? `${short((before.scan || scan).at)}已扫` : `没有扫：${(before.scan || scan).exempt_reason}` : "", before.scan ? "" : scan ? button("undo", "撤", { of: "scan" }) : button(codes.canWatch() ? "scan" : "picture", "扫", { sign: "scan", of: "scan" }), words,
      words.open === "scan" ? scanner("把企业的码放进框里") : html`${field("没有码、扫不了，为什么", html`<input name="exempt" maxlength="500" value="${scan ? scan.exempt_reason || "" : ""}">`)}${button("picture", "拍一张码", { sign: "cam", of: "scan" })}`),
    line("certificates", "出示证件", shown ? "已出示" : "", button("shown", shown ? "撤" : "出示了"), words),
    line("notice", "检查通知书", at ? `${short(at.at)}已送达${signed(words, "notice")}` : "", before.notice ? "" : notice ? button("undo", "撤", { of: "notice" }) : button("handed", "给了", { of: "notice" }), words, before.notice ? "" : html`${met(words)}${button("sign", "请对方签字", { of: "notice", sign: "pen" })}`),
  ]
}
function atTheEnd(words) {
  const { record, result } = words.course
  return [
    line("record", "现场检查记录", record || words.signed.record || words.refused.record ? `${record ? short(record.at) : ""}已核对${signed(words, "record")}` : "", button("sign", "签字", { of: "record", sign: "pen" }), words, html`${met(words)}<p class="dim">记录由服务器按这次检查生成，收到后可以打印。</p>`),
    line("result", "结果告知", result ? `${short(result.at)}已告知` : "", result ? button("undo", "撤", { of: "result" }) : button("handed", "说了", { of: "result" }), words, met(words)),
  ]
}

const met = words => html`${field("对方姓名", html`<input name="who.name" maxlength="60" autocomplete="off" value="${words.who.name}">`)}${field("对方职务", html`<input name="who.post" maxlength="60" autocomplete="off" value="${words.who.post}" placeholder="如 矿长">`)}`

function approvers(words, { people, me }) {
  const { approval } = words.course, some = people.filter(each => each.id !== me && !words.companions.includes(each.id))
  return html`${field("谁批的", html`<select name="approver"><option value="">请选</option>${some.map(each => html`<option value="${each.id}"${approval && approval.approver === each.id ? html` selected` : ""}>${each.name}（${each.organ}）</option>`)}</select>`)}
    ${field("批准时间", html`<input type="datetime-local" name="approval.at" value="${local(approval && approval.at)}">`)}${button("urgent", "紧急：先报告了，事后补批", { of: "", pressed: Boolean(approval && approval.urgent) })}`
}
export const local = moment => (moment ? new Date(Date.parse(moment) + 8 * 3600_000).toISOString().slice(0, 16) : "")
export const ofLocal = written => (written ? `${written}:00+08:00` : null)
