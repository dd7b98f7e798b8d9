// Units of the jurisdiction and places under supervision, all on this phone: by name, by initials of the pinyin, by code, by nearness.
import { html, row } from "./parts.js"
import { metres, place } from "./place.js"
import * as store from "./store.js"

let kept = null
store.onChange(what => { if (what === "rows") kept = null })
export async function units() {
  if (!kept) kept = await store.rowsOf("enterprises")
  return kept
}
export const unit = async id => (id ? (await store.rowOf("enterprises", id)) || null : null)
let kept_sites = null
store.onChange(what => { if (what === "rows") kept_sites = null })
export async function sites() {
  if (!kept_sites) kept_sites = await store.rowsOf("sites")
  return kept_sites
}
export const unitOrSite = async id => (id ? (await unit(id)) || (await store.rowOf("sites", id)) || null : null)

const CREDIT_CODE = /[0-9A-HJ-NPQRTUWXY]{18}/g, ID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi
// Whose code was read: ours says an id, a business licence and a platform's say the credit code somewhere in their text.
export async function ofCode(text) {
  const ids = (text.match(ID) || []).map(each => each.toLowerCase()), codes = (text.toUpperCase().match(CREDIT_CODE) || [])
  for (const id of ids) { const found = await unitOrSite(id); if (found) return found }
  return (await units()).find(each => each.credit_code && codes.includes(each.credit_code.toUpperCase())) || null
}
export const creditCodeIn = text => (text.toUpperCase().match(CREDIT_CODE) || [])[0] || ""

const SHOWN = 8
// Best first: a whole code, then names that begin so, then initials, then names that contain the words; among equals the nearest.
export async function find(words, { withSites = false } = {}) {
  const all = withSites ? [...(await units()), ...(await sites())] : await units(), asked = words.trim().toLowerCase(), here = place().point
  const near = each => (here && each.lon !== null && each.lon !== undefined ? metres(here, each) : Infinity)
  const rank = each => {
    const name = each.name.toLowerCase(), initials = (each.initials || "").toLowerCase()
    if (!asked) return near(each) < 5_000 ? 3 : 9
    if (each.credit_code && each.credit_code.toLowerCase() === asked) return 0
    return name.startsWith(asked) ? 1 : initials.startsWith(asked) ? 2 : name.includes(asked) ? 3 : initials.includes(asked) ? 4 : 9
  }
  return all.map(each => ({ each, rank: rank(each), near: near(each) })).filter(found => found.rank < 9)
    .sort((a, b) => a.rank - b.rank || a.near - b.near || (a.each.name < b.each.name ? -1 : 1)).slice(0, SHOWN)
    .map(({ each, near: away }) => ({ ...each, away }))
}
const far = metres => (metres === Infinity ? "" : metres < 950 ? `${Math.round(metres / 10) * 10} 米` : `${(metres / 1000).toFixed(1)} 公里`)

// The deed `unit` gets the id. `words` is the field's value, kept by the screen (its `words(name…)` hears the name `unit`).
export const picker = async (words, { label = "哪一家", placeholder = "名称、拼音首字母、信用代码", withSites = false } = {}) => html`<div class="picker"><label class="field">${label}
  <input name="unit" autocomplete="off" maxlength="120" value="${words}" placeholder="${placeholder}" enterkeyhint="search"></label><ul>${await choices(words, { withSites })}</ul></div>`
export const choices = async (words, options) => (await find(words, options)).map(each => html`<li><button type="button" class="row" data-deed="unit" data-of="${each.id}"><div><b>${each.name}</b><br><small>${[
  each.class ? `${each.class} 类` : "", each.place_type, far(each.away), each.last_visit_on ? `上次检查 ${each.last_visit_on}` : ""].filter(Boolean).join(" · ")}</small></div></button></li>`)
// After each stroke only the list is drawn anew: the field keeps its keyboard.
export async function refresh(words, options) {
  const list = document.querySelector(".picker ul")
  if (list) list.innerHTML = (await choices(words, options)).join("")
}
