// 复查 (of a unit: 整改): what waits for this person, the late ones first, then the near ones.
import { draw } from "../frame.js"
import { due, html, late, level, row, section, since, top } from "../parts.js"
import { locate, metres, onPlace, place, rest } from "../place.js"
import * as roles from "../roles.js"
import * as store from "../store.js"
import { far } from "../units.js"

const STATES = { reported: "等确认", confirmed: "已确认", ordered: "责令整改", rectifying: "整改中", review_requested: "待复查", enforcement: "转执法" }
const SHOWN = 50
export const dayOf = each => (each.state === "review_requested" ? each.review_due_on : each.due_on)
export const stateOf = each => STATES[each.state] || each.state_name || each.state

export default {
  route: "reviews",
  async draw() {
    const [person, rows, units, at] = await Promise.all([store.get("person"), store.rowsOf("hazards"), store.rowsOf("enterprises"), store.get("synced")])
    const by = new Map(units.map(each => [each.id, each])), here = place().point
    const all = rows.filter(each => each.state !== "reported" || roles.ofUnit(person)).map(each => {
      const unit = by.get(each.enterprise) || {}, spot = each.lon ? each : unit
      return { ...each, name: unit.name || each.place || "", day: dayOf(each), away: here && spot.lon ? metres(here, spot) : Infinity }
    }).sort((a, b) => (late(b.day) - late(a.day)) || a.away - b.away || (a.day || "9").localeCompare(b.day || "9"))
    const asked = all.filter(each => each.state === "review_requested"), others = all.filter(each => each.state !== "review_requested"), unit = roles.ofUnit(person)
    const waiting = section(`${unit ? "等来复查的" : "待复查"} ${asked.length} 条`, asked.slice(0, SHOWN).map(line), { aside: "逾期的在前，近的在前", empty: unit ? "没有在等复查的。" : "现在没有待复查的。单位申请复查、整改期满，就到这里。" })
    const working = section(`${unit ? "要我们改的" : "还在整改"} ${others.length} 条`, others.slice(0, SHOWN).map(line), { aside: others.length > SHOWN ? `先列 ${SHOWN} 条` : "", empty: unit ? html`没有要改的隐患。<br>自己发现的，点“拍隐患”。` : "没有别的。" })
    return html`${top(unit ? "整改" : "复查", at ? `${since(at)}取的，没有信号也能办` : "")}<main class="stack">${unit ? [working, waiting] : [waiting, working]}</main>`
  },
  drawn() { locate(); if (!heard) heard = onPlace(draw) },
  leave() { rest(); if (heard) heard(); heard = null },
}
let heard = null
const line = each => row(html`<div><div class="tags">${level(each.level)}${due(each.day)}<span class="state">${stateOf(each)}</span><small class="end">${far(each.away)}</small></div><b>${each.name}</b><br><small>${each.description}</small></div>`, { href: `review/${each.id}` })
