// Which unit: by its code, by name or nearness, or a place in words. Then what is known of it.
import { html, button, field, icon, late, level, note } from "../parts.js"
import { picker } from "../units.js"
import { placeNote } from "../place.js"
import * as codes from "../codes.js"
import * as store from "../store.js"
import { certified, directory } from "./people.js"
import { countyToday, short } from "./days.js"
import { isSite } from "./where.js"

export async function choosing(words, office) {
  if (words.open === "scan") return scanner("把营业执照或本系统的二维码放进框里")
  if (words.elsewhere) return elsewhere(words, office)
  return html`<div class="btns">${codes.canWatch() ? button("scan", "扫码", { sign: "scan", look: "go tall" }) : ""}${button("picture", "拍一张码", { sign: "cam", look: "tall" })}</div>
    ${await picker(words.where, { label: "或者找：名称、拼音首字母；不写就列最近的", placeholder: "如 xssm", withSites: true })}
    ${placeNote()}${button("elsewhere", "名单里没有，写地点", { of: "1", sign: "pen" })}`
}
export const scanner = said => html`<div class="scanner"><video playsinline muted aria-label="相机画面"></video></div><p class="dim">${said}</p>
  <div class="btns">${button("picture", "拍一张码", { sign: "cam" })}${button("stop", "不扫了")}</div>`

async function elsewhere(words, office) {
  const villages = (await store.rowsOf("regions")).filter(each => each.id.length === 12 && !each.id.endsWith("000")).sort((a, b) => (a.id < b.id ? -1 : 1))
  const option = (value, said, chosen) => html`<option value="${value}"${value === chosen ? html` selected` : ""}>${said}</option>`
  return html`<div class="card stack">${field("在哪里、是什么地方", html`<textarea name="place" rows="2" maxlength="200" placeholder="如 东关村 供销社旁的废品收购点">${words.place}</textarea>`)}
    ${field("哪个村", html`<select name="region">${option("", "请选", words.region)}${villages.map(each => option(each.id, each.name, words.region))}</select>`)}
    ${field("归哪个行业领域", html`<select name="sector">${option("", "请选", words.sector)}${(await sectors(office)).map(each => option(each.code, each.name, words.sector))}</select>`)}
    ${placeNote()}${button("elsewhere", "还是从名单里选", { of: "" })}</div>`
}

// Before the office's names have come: the lists are named after them.
async function sectors(office) {
  if (office.sectors) return office.sectors
  const lists = (await store.list("checklists")).filter(each => !each.code.includes("."))
  return lists.map(({ code, title }) => ({ code: code === "general" ? "other" : code, name: code === "general" ? "其他" : title.replace(/安全检查表|检查表/, "") }))
}

// --- what is known of it ---------------------------------------------------------------------------------------------------------
export async function known(chosen, words, year) {
  const open = await openOf(words.unit), on = await countyToday()
  return html`<section class="card stack unit"><div class="tags">${chosen.class ? html`<b class="class" aria-label="${chosen.class} 类">${chosen.class}</b>` : ""}<div class="grow"><small>${[chosen.credit_code, chosen.place_type].filter(Boolean).join(" ") || "没有信用代码"}</small></div>${words.task ? "" : button("unit", "换", { of: "" })}</div>
    <p class="dim">${chosen.last_visit_on ? `上次检查 ${short(chosen.last_visit_on)}` : isSite(chosen) ? "" : "还没有检查过"}${open.length ? html`，<b>${open.length} 条没销号</b>` : chosen.last_visit_on ? "，没有未销号的隐患" : ""}</p>
    ${isSite(chosen) ? "" : yearNote(year, words)}${await companions(words, on)}</section>`
}
export const openOf = async unit => (await store.rowsOf("hazards")).filter(each => each.enterprise === unit || each.site === unit)

// Only what counts towards the ceiling is warned of (docs/ceilings.md).
function yearNote(year, words) {
  const said = year.ceiling === undefined ? `今年已查 ${year.counted} 次；上限有信号时取` : year.ceiling === null ? `今年已查 ${year.counted} 次；上限不明` : `今年已查 ${year.counted} 次，上限 ${year.ceiling} 次${year.by ? `（${year.by}）` : ""}`
  const counts = words.authority === "administrative" && words.type !== "case" && words.kind !== "review", over = counts && typeof year.ceiling === "number" && year.counted + 1 > year.ceiling
  return over ? note(html`<b>${said}。再查就超过了。</b><br>确有必要可以照做，会注明超过上限；个案检查、复查不占次数。`) : html`<p class="dim">${said}</p>`
}

async function companions(words, on) {
  const { byId } = await directory()
  return html`<div class="chips" role="group" aria-label="同行人">${words.companions.map(id => chip("along", id, (byId.get(id) || {}).name || "同行人", { on: true, badge: certified(byId.get(id), on) }))}
      <button type="button" class="chip" data-deed="fold" data-of="people" aria-expanded="${String(words.open === "people")}">＋ 同行人</button></div>
    ${words.open === "people" ? html`<div class="stack">${field("找人", html`<input name="whom" maxlength="40" autocomplete="off" value="${words.whom || ""}" placeholder="姓名或单位">`)}
      <ul class="picked" data-people>${await people(words, on)}</ul></div>` : ""}`
}
const SHOWN = 8
async function people(words, on) {
  const { others } = await directory(), asked = (words.whom || "").trim()
  const some = others.filter(each => !words.companions.includes(each.id) && (!asked || each.name.includes(asked) || (each.organ || "").includes(asked))).slice(0, SHOWN)
  if (!some.length) return html`<li class="dim">${others.length ? "没有这样的人。" : "名单还没有取到，有信号时再加。"}</li>`
  return html`${some.map(each => html`<li><button type="button" class="row" data-deed="along" data-of="${each.id}"><div><b>${each.name}</b> <small>${each.organ}${certified(each, on) ? `，执法证至 ${each.certified_to}` : ""}</small></div></button></li>`)}`
}
// After each stroke only the list is drawn anew: the field keeps its keyboard.
export async function whom(words) {
  const list = document.querySelector("[data-people]")
  if (list) list.innerHTML = String(await people(words, await countyToday()))
}
const chip = (deed, of, words, { on = false, badge = false } = {}) => html`<button type="button" class="chip ${on ? "on" : ""}" data-deed="${deed}" data-of="${of}" aria-pressed="${String(on)}">${on ? icon("ok") : ""}${words}${badge ? html`<small>持证</small>` : ""}</button>`

// --- what is not yet settled there ------------------------------------------------------------------------------------------------
const ASKED = "review_requested"
export async function reviews(words, shots) {
  const open = (await openOf(words.unit)).filter(each => each.state !== "reported").sort((a, b) => (b.state === ASKED) - (a.state === ASKED))
  if (!open.length) return ""
  return html`<section class="card rows"><header><h2>没销号的 ${open.length} 条</h2><small>看过的点一下</small></header><ul>${await Promise.all(open.map(async each => {
    const said = words.reviews[each.id]
    return html`<li><div class="row tall-row"><div><div class="tags">${level(each.level)}${each.state === ASKED ? html`<span class="state">请复查</span>` : ""}${late(each.due_on) ? html`<span class="state late">逾期</span>` : ""}<small class="end">${each.due_on || ""}</small></div>
      <p>${each.description}</p><div class="choice" role="group" aria-label="复查：${each.description}">${[["pass", "改好了"], ["fail", "没改好"]].map(([value, words]) => html`<button type="button" data-deed="review" data-of="${each.id} ${value}" aria-pressed="${String(Boolean(said) && said.result === value)}">${words}</button>`)}</div>
      ${said ? html`<div class="stack inner">${await shots(each.id)}${field("怎么看出来的", html`<input name="review:${each.id}" maxlength="2000" value="${said.note || ""}">`)}
        ${each.state === ASKED ? "" : html`<p class="dim">单位还没有申请复查：这次先记下，由办公室接着办。</p>`}</div>` : ""}</div></div></li>`
  }))}</ul></section>`
}
