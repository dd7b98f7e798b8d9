// The checklist: everything passes but what is touched. An item that is opened offers 不合格, 不涉及, 合格, and takes what is wrong with it.
import { button, choice, field, html, icon, level } from "../parts.js"
import { after, apart, short } from "./days.js"
import { findingsOf, ofItem } from "./findings.js"
import { HINTS, RESULTS } from "./labels.js"
import { faultsOf } from "./faults.js"

const SEARCHED = 12 // shorter lists are seen at a glance
export const resultOf = (words, item) => (words.items[item] || {}).result || (words.unanswered === "pass" ? "pass" : "")

export async function checklist(list, words, context) {
  if (!list.chosen) return html`<section class="card stack"><h2>检查表</h2><p class="dim">检查表还没有取到这台手机上。先照常检查：不合格的在下面“表外的问题”里记，有信号后表会自己来。</p></section>`
  const rows = await Promise.all(list.items.map(each => item(each, words, context)))
  return html`<section class="card rows list"><header><h2>${list.items.length} 项，只点不合格的</h2><button type="button" class="plain" data-deed="unanswered" data-of="${words.unanswered === "pass" ? "none" : "pass"}">没点的${words.unanswered === "pass" ? "都记合格" : "记没有查"}</button></header>
    ${list.items.length > SEARCHED || list.all.length > 1 ? html`<div class="tools">${list.items.length > SEARCHED ? html`<input name="find" type="search" maxlength="40" autocomplete="off" aria-label="在表里找" placeholder="在表里找" value="${words.find || ""}">` : ""}
      <select name="checklist" aria-label="用哪张检查表">${list.all.map(each => html`<option value="${each.code}"${each === list.chosen ? html` selected` : ""}>${each.title}</option>`)}</select></div>` : ""}
    <ul>${rows}</ul></section>`
}

async function item({ code, text, hint }, words, context) {
  const result = resultOf(words, code), open = words.open === `item/${code}`, [sign, said] = RESULTS[result] || ["", "没有查"], hidden = !open && !meets(words.find, code, text)
  const faults = faultsOf(context.faults, { item: code }), fails = result === "fail"
  return html`<li data-item="${`${code} ${text}`.toLowerCase()}"${hidden ? html` hidden` : ""} class="${fails ? "fails" : ""}"><button type="button" class="row item ${result}" data-deed="item" data-of="${code}" aria-expanded="${String(open)}">
      <div><small>${code}</small> ${text}</div><span class="result">${sign ? icon(sign) : ""}${said}</span></button>
    ${faults.map(each => html`<p class="wrong inner">${each}</p>`)}
    ${open ? html`<div class="inner stack">${choice("answer", "结果", result, ["fail", "not_applicable", "pass"].map(each => [each, RESULTS[each][1]]))}
      ${HINTS[hint] && fails ? html`<p class="dim">${HINTS[hint]}。</p>` : ""}${fails ? await all(ofItem(words, code), context, { of: code }) : ""}</div>` : ""}</li>`
}
const meets = (find, code, text) => !find || `${code} ${text}`.toLowerCase().includes(find.trim().toLowerCase())
// After each stroke only what is hidden changes: the field keeps its keyboard.
export function narrow(find) {
  document.querySelectorAll("[data-item]").forEach(row => { row.hidden = Boolean(find) && !row.dataset.item.includes(find.trim().toLowerCase()) && !row.querySelector("[aria-expanded=true]") })
}

// --- what is wrong ---------------------------------------------------------------------------------------------------------------
const all = async (findings, context, { of }) => html`${await Promise.all(findings.map((each, at) => finding(each, context, at)))}${button("more", "这一项还有一条", { of })}`

export async function beside(words, context) {
  const found = findingsOf(words).filter(each => !each.item || !context.known.has(each.item))
  return html`<section class="card stack" aria-label="表外的问题"><div class="tags"><h2 class="grow">表外的问题${found.length ? ` ${found.length} 条` : ""}</h2>${button("more", "记一条", { of: "", sign: "pen" })}</div>
    ${await Promise.all(found.map((each, at) => finding(each, context, at, { drop: true })))}</section>`
}

async function finding(each, { shots, why, office, on, faults }, at, { drop = false } = {}) {
  const rule = office.terms, general = each.level === "general", days = each.deadline ? apart(on, each.deadline) : 0
  const by = rule ? `不选就按规定：${general ? `${rule.days} 天，${short(after(on, rule.days))}前` : "按治理方案"}` : "不选就按规定的期限"
  return html`<div class="finding stack" data-finding="${each.id}">${faultsOf(faults, { finding: each.id }).map(words => html`<p class="wrong">${words}</p>`)}
    ${await shots(each.id)}
    ${field(`什么不对${at ? `（第 ${at + 1} 条）` : ""}`, html`<textarea name="description:${each.id}" rows="2" maxlength="2000">${each.description}</textarea>`)}
    ${choice("level", "大小", `${each.id} ${each.level}`, ["general", "major"].map(value => [`${each.id} ${value}`, level(value)]))}
    ${general ? choice("fix", "怎么改", `${each.id} ${each.order ? "order" : "limit"}`, [[`${each.id} limit`, "限期改"], [`${each.id} order`, "当场责令"]]) : html`<p class="dim">重大隐患不在现场责令：收到后由局里认定、挂牌。人要马上撤的，先打电话。</p>`}
    ${general && !each.order && why ? html`<p class="dim">${why}</p>` : ""}
    ${each.order && general ? field("整改要求（可以不写）", html`<input name="measures:${each.id}" maxlength="500" value="${each.measures}" placeholder="如 停止掘进，补打锚杆">`) : ""}
    ${field("限期", html`<input type="date" name="deadline:${each.id}" min="${on}" value="${each.deadline}">`)}
    <small>${each.deadline ? `${short(each.deadline)}前，${days} 天` : by}${each.deadline && rule && general && days > rule.max_days_without_leader ? `。超过 ${rule.max_days_without_leader} 天要领导同意` : ""}</small>
    <details><summary>依据（可以不填）</summary><div class="stack">${field("条款", html`<input name="clause:${each.id}" maxlength="200" value="${each.clause}" placeholder="如 安全生产法第三十六条">`)}
      ${general ? "" : html`${field("重大隐患判定标准（要信号）", html`<input name="criterion:${each.id}" maxlength="60" value="${each.criterion_words}" placeholder="写几个字找" autocomplete="off">`)}<ul class="picked" data-criteria="${each.id}"></ul>`}</div></details>
    ${drop || at ? button("drop", "不要这一条", { of: each.id, sure: "删掉，找不回来" }) : ""}</div>`
}
export const counted = (list, words) => {
  const of = result => list.items.filter(each => resultOf(words, each.code) === result).length
  return { pass: of("pass"), not_applicable: of("not_applicable"), fail: of("fail"), beside: findingsOf(words).filter(each => !list.items.some(item => item.code === each.item)).length }
}
