// First: what is on its way, what is mine today, and one big 拍隐患.
import { draw, has } from "../frame.js"
import { counts, day, due, html, icon, late, level, link, note, row, section, trip } from "../parts.js"
import { metres, onPlace, place } from "../place.js"
import { state } from "../outbox.js"
import * as store from "../store.js"

// Which doors stand under the thumb, by role; those not built for a role are not shown.
const DOORS = [
  { route: "visit", words: "检查", sign: "list", roles: ["inspector", "department_officer", "bureau_officer", "township_officer", "village_officer"] },
  { route: "walk", words: "走小店", sign: "shops", roles: ["inspector", "department_officer", "township_officer", "village_officer"] },
  { route: "findings", words: "自查", sign: "list", roles: ["enterprise_officer"] },
]
const ABOVE = [{ route: "notices", words: "通知", sign: "bell" }, { route: "accident", words: "事故", sign: "call" }]
const LATE_FIRST = (a, b) => (late(b.due_on) - late(a.due_on)) || (a.due_on || "9").localeCompare(b.due_on || "9") || a.away - b.away

export default {
  route: "",
  async draw() {
    const [person, records, tasks, hazards, units, seen, notices, off] = await Promise.all([
      store.get("person"), store.everything(), store.rowsOf("tasks"), store.rowsOf("hazards"), store.rowsOf("enterprises"), store.rowsOf("seen"),
      store.rowsOf("notices"), store.get("clock_off"),
    ])
    const byId = new Map(units.map(each => [each.id, each])), told = counts(records), here = place().point
    const known = each => {
      const unit = byId.get(each.enterprise) || {}, at = each.lon ? each : unit
      return { ...each, name: unit.name || each.place || "", away: here && at.lon ? metres(here, at) : Infinity }
    }
    const read = new Set(seen.map(each => each.message)), fresh = notices.filter(each => !each.done_at && !read.has(each.id)).length
    const done = new Set(records.filter(each => each.state !== "draft" && each.body).map(each => each.body.task)) // saved here, though the server does not know yet
    const mine = tasks.filter(each => !done.has(each.id)).map(known).sort(LATE_FIRST), open = hazards.map(known).sort(LATE_FIRST), drafts = records.filter(each => each.state === "draft" && each.words.saved)
    const doors = DOORS.filter(each => has(each.route) && each.roles.includes(person.role))
    return html`<header class="top"><a class="btn bare who" href="#/settings" aria-label="我的：${person.name}"><b>${person.name || "安全检查"}</b>${person.is_demo ? html`<span class="state">演示数据</span>` : ""}</a>
        ${ABOVE.filter(each => has(each.route)).map(each => link(each.route, html`${each.words}${each.route === "notices" && fresh ? html` <b class="count">${fresh}</b>` : ""}`, { sign: each.sign }))}</header>
      <main class="stack">
        <nav aria-label="队列"><a class="card" href="#/queue">${trip(told)}</a></nav>
        ${note(state.line)}
        ${Math.abs(off || 0) > 10 ? note(`手机时间${off > 0 ? "快" : "慢"}了 ${spoken(Math.abs(off))}：照常用，记录的时间按收到时换算。请在手机设置里打开“自动设置时间”。`) : ""}
        ${told.stopped ? html`<a class="note stop" href="#/queue">${icon("warn")}<div><b>${told.stopped} 条要您看</b><br>内容都在，没有丢。</div></a>` : ""}
        ${told.here + told.sending + told.stopped > 3 ? note(html`<b>${told.here + told.sending + told.stopped} 条未上传</b>，先别清理手机。`, { look: "stop" }) : ""}
        ${drafts.length ? section("没写完的", drafts.map(each => row(html`${icon("pen")}<div><b>${TITLES[each.kind] || each.kind}</b><br><small>${each.words.saved ? `${day(each.words.saved)} 存在本机` : ""}</small></div>`, { href: each.key.replace("-", "/") }))) : ""}
        ${section(`要做的 ${mine.length} 件`, mine.map(task), { heading: "h1", aside: `${units.length} 家单位在本机`, empty: html`现在没有交给您的检查。<br>随手看到隐患，点下面的“拍隐患”。` })}
        ${open.length ? section(`没销号的隐患 ${open.length} 条`, open.slice(0, SHOWN).map(hazard), { aside: open.length > SHOWN ? `先列 ${SHOWN} 条` : "" }) : ""}
      </main>
      <nav class="dock" aria-label="要做什么">${doors.map(each => link(each.route, each.words, { sign: each.sign, look: "tall" }))}
        <a class="btn go big" href="#/hazard">${icon("cam")}拍隐患</a></nav>`
  },
  drawn() { if (!heard) heard = onPlace(draw) },
  leave() { if (heard) heard(); heard = null },
}
let heard = null
const SHOWN = 20
const TITLES = { hazard: "拍隐患", visit: "检查", walk: "走小店", accident: "事故快报", review: "复查", findings: "自查" }
const spoken = minutes => (minutes < 120 ? `${minutes} 分钟` : minutes < 2880 ? `${Math.round(minutes / 60)} 小时` : `${Math.round(minutes / 1440)} 天`)
const task = each => row(html`${icon("list")}<div><div class="tags">${due(each.due_on)}</div><b>${each.name}</b><br><small>${each.note}</small></div>`, has("visit") ? { href: `visit/${each.id}` } : {})
const hazard = each => row(html`<div><div class="tags">${level(each.level)}${late(each.due_on) ? html`<span class="state late">逾期</span>` : ""}<small class="end">${each.due_on || ""}</small></div>
  <b>${each.name}</b><br><small>${each.description}</small></div>`, has("review") ? { href: `review/${each.id}` } : {})
