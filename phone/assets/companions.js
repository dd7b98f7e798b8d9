// Who comes along: from the directory that sync brought, the last ones first. Deed `companion` takes an id on or off, the field is called `who`.
import { button, field, html } from "./parts.js"
import * as store from "./store.js"

const SHOWN = 4
export const toggled = (chosen, id) => (chosen.includes(id) ? chosen.filter(each => each !== id) : [...chosen, id])
export const remember = chosen => (chosen.length ? store.keep("companions", chosen) : null)
export const last = async () => (await store.get("companions")) || []

async function found(chosen, words) {
  const me = ((await store.get("person")) || {}).id, lately = await last(), asked = words.trim()
  const near = each => (lately.includes(each.id) ? 0 : (each.can || []).includes("officer") ? 1 : 2)
  return (await store.list("people")).filter(each => each.id !== me && !chosen.includes(each.id) && (each.can || []).includes("companion") && (!asked || `${each.name}${each.organ}`.includes(asked)))
    .sort((a, b) => near(a) - near(b)).slice(0, SHOWN)
}
export async function companions(chosen, words, { label = "和谁一起", one = false } = {}) {
  const people = new Map((await store.list("people")).map(each => [each.id, each]))
  return html`<div class="picker people"><p class="dim">${label}</p>
    ${chosen.map(id => button("companion", (people.get(id) || { name: "已选" }).name, { of: id, look: "on", sign: "ok", label: `${(people.get(id) || {}).name}，去掉` }))}
    ${one && chosen.length ? "" : html`${field("找人", html`<input name="who" autocomplete="off" maxlength="40" value="${words}" placeholder="姓名、单位">`)}<ul>${await choices(chosen, words)}</ul>`}</div>`
}
const choices = async (chosen, words) => (await found(chosen, words)).map(each => html`<li><button type="button" class="row" data-deed="companion" data-of="${each.id}"><div><b>${each.name}</b><br><small>${each.organ}${
  (each.can || []).includes("officer") ? " · 执法证有效" : ""}</small></div></button></li>`)
export async function refresh(chosen, words) {
  const list = document.querySelector(".people ul")
  if (list) list.innerHTML = (await choices(chosen, words)).join("")
}
