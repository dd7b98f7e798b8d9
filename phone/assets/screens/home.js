// First: what is on its way, what is mine today, and one big 拍隐患.
import { draw, has } from "../frame.js"
import { counts, due, html, icon, late, level, link, note, row, section, since, trip } from "../parts.js"
import { metres, onPlace, place } from "../place.js"
import { state } from "../outbox.js"
import { homeOf, ofUnit, visits } from "../roles.js"
import * as store from "../store.js"
import { dayOf, stateOf } from "./reviews.js"

const ABOVE = [{ route: "notices", words: "通知", sign: "bell" }, { route: "accident", words: "事故", sign: "call" }]
const LATE_FIRST = (a, b) => (late(dayOf(b)) - late(dayOf(a))) || (dayOf(a) || "9").localeCompare(dayOf(b) || "9") || a.away - b.away

export default {
  route: "",
  async draw() {
    const [person, records, tasks, hazards, units, seen, notices, off, token] = await Promise.all([
      store.get("person"), store.everything(), store.rowsOf("tasks"), store.rowsOf("hazards"), store.rowsOf("enterprises"), store.rowsOf("seen"),
      store.rowsOf("notices"), store.get("clock_off"), store.get("token"),
    ])
    const byId = new Map(units.map(each => [each.id, each])), told = counts(records), here = place().point
    const known = each => {
      const unit = byId.get(each.enterprise) || {}, at = each.lon ? each : unit
      return { ...each, name: unit.name || each.place || "", away: here && at.lon ? metres(here, at) : Infinity }
    }
    const read = new Set(seen.map(each => each.message)), fresh = notices.filter(each => !each.done_at && !read.has(each.id)).length
    const done = new Set(records.filter(each => each.state !== "draft" && each.body).map(each => each.body.task)) // saved here, though the server does not know yet
    const mine = tasks.filter(each => !done.has(each.id)).map(known).sort(LATE_FIRST), open = hazards.map(known).sort(LATE_FIRST), drafts = records.filter(each => each.state === "draft" && each.words.saved)
    const { doors: all, big } = homeOf(person), doors = all.filter(each => has(each.route))
    return html`<header class="top"><a class="btn bare who" href="#/settings" aria-label="我的：${person.name}"><b>${person.name || "安全检查"}</b>${person.is_demo ? html`<span class="state">演示数据</span>` : ""}</a>
        ${ABOVE.filter(each => has(each.route)).map(each => link(each.route, html`${each.words}${each.route === "notices" && fresh ? html` <b class="count">${fresh}</b>` : ""}`, { sign: each.sign }))}</header>
      <main class="stack">
        <nav aria-label="队列"><a class="card" href="#/queue">${trip(told)}</a></nav>
        ${token ? note(state.line) : html`<a class="note stop" href="#/sign-in">${icon("warn")}<div><b>登录到期了，点这里登录</b><br>照常记，都存在这台手机上；登录后接着送。</div></a>`}
        ${Math.abs(off || 0) > 10 ? note(`手机时间${off > 0 ? "快" : "慢"}了 ${spoken(Math.abs(off))}：照常用，记录的时间按收到时换算。请在手机设置里打开“自动设置时间”。`) : ""}
        ${told.stopped ? html`<a class="note stop" href="#/queue">${icon("warn")}<div><b>${told.stopped} 条要您看</b><br>内容都在，没有丢。</div></a>` : ""}
        ${told.here + told.sending + told.stopped > 3 ? note(html`<b>${told.here + told.sending + told.stopped} 条未上传</b>，先别清理手机。`, { look: "stop" }) : ""}
        ${drafts.length ? section("没写完的", drafts.map(each => row(html`${icon("pen")}<div><b>${titleOf(each, byId, hazards)}</b><br><small>${since(each.words.saved)}存在本机${each.photos.length ? ` · ${each.photos.length} 张照片、语音` : ""}</small></div>`, { href: each.key.replace("-", "/") }))) : ""}
        ${visits(person) || mine.length ? section(`要做的 ${mine.length} 件`, mine.map(task), { heading: "h1", aside: `${units.length} 家单位在本机`, empty: html`现在没有交给您的检查。<br>随手看到隐患，点下面的“拍隐患”。` }) : ""}
        ${concern(person, open)}
      </main>
      <nav class="dock home" aria-label="要做什么">${doors.map(each => link(each.route, each.words, { sign: each.sign, look: "tall" }))}
        ${big ? link(big.route, big.words, { sign: big.sign, look: "go big" }) : ""}</nav>`
  },
  drawn() { if (!heard) heard = onPlace(draw) },
  leave() { if (heard) heard(); heard = null },
}
let heard = null
const SHOWN = 8
// The hazards that are this person's turn; all others one tap away.
function concern(person, open) {
  const unit = ofUnit(person), mine = open.filter(each => (unit ? each.state !== "review_requested" : each.state === "review_requested"))
  const words = unit ? "要我们改的" : "待复查", rest = open.filter(each => !mine.includes(each) && each.state !== "reported").length
  if (person.role === "village_officer") return reported(open.filter(each => each.reported_by === person.id))
  if (!unit && !mine.length && !rest) return ""
  const aside = html`<a class="link" href="#/reviews">${rest ? `${unit ? "等复查" : "还在整改"} ${rest} 条` : "全部"}</a>`
  return section(`${words} ${mine.length} 条`, mine.slice(0, SHOWN).map(hazard), { heading: visits(person) ? "h2" : "h1", aside, empty: unit ? "没有要改的隐患。" : "现在没有待复查的。" })
}
const reported = mine => section(`我报的 ${mine.length} 条没办完`, mine.slice(0, SHOWN).map(hazard), { heading: "h1", aside: html`<a class="link" href="#/mine">全部</a>`, empty: html`没有没办完的。<br>看到不对的，点下面的“拍隐患”：拍一张就能报。` })
const TITLES = { hazard: "拍隐患", visit: "检查", walk: "走小店", accident: "事故快报", review: "复查", check: "自查" }
function titleOf({ kind, key, words }, units, hazards) {
  const of = id => (units.get(id) || {}).name, hazard = kind === "review" ? hazards.find(each => key === `review-${each.id}`) : null
  const about = hazard ? of(hazard.enterprise) || hazard.place : kind === "walk" ? `走完 ${words.shops.filter(each => each.finished).length} 家`
    : (words.known || {}).name || of(words.unit) || words.spot || words.place || words.where || (words.description || "").slice(0, 12)
  return `${key.startsWith("accident-") ? "事故续报" : TITLES[kind]}${about ? `：${about}` : ""}`
}
const spoken = minutes => (minutes < 120 ? `${minutes} 分钟` : minutes < 2880 ? `${Math.round(minutes / 60)} 小时` : `${Math.round(minutes / 1440)} 天`)
const task = each => row(html`${icon("list")}<div><div class="tags">${due(each.due_on)}</div><b>${each.name}</b><br><small>${each.note}</small></div>`, has("visit") ? { href: `visit/${each.id}` } : {})
const hazard = each => row(html`<div><div class="tags">${level(each.level)}${due(dayOf(each))}<span class="state">${stateOf(each)}</span></div>
  <b>${each.name}</b><br><small>${each.description}</small></div>`, has("review") ? { href: `review/${each.id}` } : {})
