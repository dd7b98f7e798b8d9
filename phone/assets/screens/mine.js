// 我报的: what became of my reports; also of those that are still on this phone, and of those that ended.
import { draw } from "../frame.js"
import { day, dock, html, level, link, row, section, top } from "../parts.js"
import * as store from "../store.js"
import { unit } from "../units.js"
import { stateOf } from "./reviews.js"

const ENDED = { closed: "已销号", rejected: "不成立", void: "已撤销", transferred: "已移送", unit_closed: "单位已关闭" }
const MEANS = {
  reported: "收到了，等确认是不是隐患。", confirmed: "确认是隐患，等下整改通知。", ordered: "已通知整改。", rectifying: "正在改。", review_requested: "说改好了，等复查。",
  enforcement: "没按时改，转执法。", closed: "改好了，复查合格。", rejected: "看过了，认定不是隐患；理由在通知里。", transferred: "转给主管部门了。", void: "撤销，不再办。", unit_closed: "单位已由政府关闭。",
}

export default {
  route: "mine",
  async draw() {
    const [person, rows, told, records] = await Promise.all([store.get("person"), store.rowsOf("hazards"), store.get("reports"), store.everything()])
    const open = rows.filter(each => each.reported_by === person.id), known = new Set(open.map(each => each.id)), ended = (told || []).filter(each => ENDED[each.state])
    const here = records.filter(each => each.kind === "hazard" && ["here", "sending", "stopped"].includes(each.state) && !known.has(each.id))
    const shown = [...open].sort((a, b) => (a.found_at < b.found_at ? 1 : -1))
    return html`${top("我报的", "报了以后到了哪一步")}<main class="stack">
      ${here.length ? section(`还在这台手机上 ${here.length} 条`, here.map(each => row(html`<div><span class="state here">本机</span> <b>${each.title}</b><br><small>${each.why || "有信号就送"}</small></div>`, { href: "queue" }))) : ""}
      ${section(`没办完的 ${shown.length} 条`, await Promise.all(shown.map(line)), { empty: "没有没办完的。" })}
      ${section(`办完的 ${ended.length} 条`, await Promise.all(ended.filter(each => !known.has(each.id)).map(line)), { empty: told ? "还没有。" : "有信号时取来。" })}</main>
      ${dock(link("hazard", "拍隐患", { look: "go big", sign: "cam" }))}`
  },
}
const line = async each => {
  const chosen = await unit(each.enterprise)
  return row(html`<div><div class="tags">${level(each.level)}<span class="state ${each.state === "closed" ? "done" : ""}">${ENDED[each.state] || stateOf(each)}</span><small class="end">${day(each.found_at)}</small></div>
    <b>${chosen ? chosen.name : each.enterprise_name || each.place}</b><br><small>${each.description}</small><p class="dim">${MEANS[each.state] || ""}</p></div>`, { href: `review/${each.id}` })
}
