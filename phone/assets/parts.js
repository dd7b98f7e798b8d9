// Parts of every screen. `html` escapes whatever is put into it; only what `html` made, or lists of that, stands as it is.
import { fault } from "./frame.js"

class Html {
  constructor(words) { this.words = words }
  toString() { return this.words }
}
const SIGNS = /[&<>"'`]/g
const told = part => {
  if (part instanceof Html) return part.words
  if (Array.isArray(part)) return part.map(told).join("")
  return part === null || part === undefined || part === false || part === true ? "" : String(part).replace(SIGNS, sign => `&#${sign.charCodeAt(0)};`)
}
export const html = (texts, ...parts) => new Html(texts.reduce((whole, words, at) => whole + told(parts[at - 1]) + words))

export const icon = name => html`<svg class="icon" aria-hidden="true"><use href="#${name}"/></svg>`

// --- time, always of the county -----------------------------------------------------------------------------------------------
const ZONE = { timeZone: "Asia/Shanghai" }
export const hour = moment => new Date(moment).toLocaleTimeString("zh-CN", { hour12: false, ...ZONE })
export const day = moment => new Date(moment).toLocaleDateString("sv", ZONE) // 2026-11-30
export const today = () => day(Date.now())
export const late = due => Boolean(due) && due < today()
export function since(moment) {
  const minutes = Math.floor((Date.now() - new Date(moment)) / 60_000)
  return minutes < 1 ? "刚刚" : minutes < 60 ? `${minutes} 分钟前` : minutes < 1440 ? `${Math.floor(minutes / 60)} 小时前` : day(moment)
}

// --- parts ----------------------------------------------------------------------------------------------------------------------
// A button names its deed: the screen's `deeds[deed](of)`. What cannot be brought back is pressed twice: `sure` is what the second press says.
export const button = (deed, words, { of = "", look = "", sign = "", off = false, pressed, label, sure = "" } = {}) => html`<button type="button" class="btn ${look}" data-deed="${deed}" data-of="${of}"
  ${off ? html` disabled` : ""}${pressed === undefined ? "" : html` aria-pressed="${String(pressed)}"`}${label ? html` aria-label="${label}"` : ""}${sure ? html` data-sure="${sure}"` : ""}>${sign ? icon(sign) : ""}${words}</button>`
export const link = (route, words, { look = "", sign = "", label } = {}) => html`<a class="btn ${look}" href="#/${route}"${label ? html` aria-label="${label}"` : ""}>${sign ? icon(sign) : ""}${words}</a>`

export const top = (title, note = "", more = "", back = "") => html`<header class="top"><a class="btn bare" href="#/${back}" aria-label="返回">${icon("back")}</a>
  <div><h1>${title}</h1><small>${note}</small></div>${more}</header>`
// look: "", ok, stop
export const note = (words, { look = "", sign = look === "ok" ? "ok" : "warn" } = {}) => (words ? html`<div class="note ${look}" role="${look === "stop" ? "alert" : "status"}">${icon(sign)}<div>${words}</div></div>` : "")
// What is under the thumb; what went wrong stands right above it, where one has just pressed.
export const dock = (...buttons) => html`<div class="under">${note(fault(), { look: "stop" })}<nav class="dock" aria-label="要做什么">${buttons}</nav></div>`
export const field = (label, control) => html`<label class="field">${label}${control}</label>`
export const level = each => html`<span class="level ${each === "major" ? "major" : "general"}">${each === "major" ? "重大" : "一般"}</span>`
export const due = on => (on ? html`<span class="state ${late(on) ? "late" : ""}">${late(on) ? "逾期" : "最迟"} ${on}</span>` : "")
export const choice = (deed, label, chosen, options) => html`<div class="choice" role="group" aria-label="${label}">
  ${options.map(([value, words]) => html`<button type="button" data-deed="${deed}" data-of="${value}" aria-pressed="${String(value === chosen)}">${words}</button>`)}</div>`
export const section = (title, rows, { aside = "", empty = "", heading = "h2" } = {}) => html`<section class="card rows"><header>${heading === "h1" ? html`<h1>${title}</h1>` : html`<h2>${title}</h2>`}<small>${aside}</small></header>
  ${rows.length ? html`<ul>${rows.map(row => html`<li>${row}</li>`)}</ul>` : html`<p class="empty">${empty}</p>`}</section>`
export const row = (inside, { href, look = "" } = {}) => (href ? html`<a class="row ${look}" href="#/${href}">${inside}</a>` : html`<div class="row ${look}">${inside}</div>`)

// 本机 → 发送中 → 已收
// What goes by itself and says nothing new (a notice that was seen) is counted nowhere.
export const counts = records => {
  const of = state => records.filter(each => each.state === state && !each.quiet).length
  return { here: of("here"), sending: of("sending"), received: of("received"), stopped: of("stopped") }
}
export const trip = ({ here, sending, received, stopped }) => html`<ol class="trip" aria-label="本机 ${here + stopped}，发送中 ${sending}，已收 ${received}">
  <li><b>${here + stopped}</b>本机</li><li class="${sending ? "moving" : ""}"><b>${sending}</b>发送中</li><li class="full"><b>${received}</b>已收</li></ol>`
