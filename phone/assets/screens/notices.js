// 通知: what is new first; each leads to where it is acted on. Seen is kept on this phone at once and sent when there is a line.
import { button, day, due, html, icon, section, since, top } from "../parts.js"
import { draw, go, has } from "../frame.js"
import { newId } from "../outbox.js"
import { changedSend } from "../sending.js"
import * as store from "../store.js"

const LEADS = { hazard: id => `review/${id}`, task: id => `visit/${id}`, accident: id => `accident/${id}`, rescue: () => "queue", inspection: () => "queue", photo: () => "queue" }
const SHOWN = 50
export const unread = (notices, seen) => { const read = new Set(seen.map(each => each.message)); return notices.filter(each => !each.done_at && !read.has(each.id)) }
const newest = (a, b) => (a.made_at < b.made_at ? 1 : -1)
const leadOf = ({ about_kind, about }) => { const lead = about && LEADS[about_kind] && LEADS[about_kind](about); return lead && has(lead.split("/")[0]) ? lead : "" }

export default {
  route: "notices",
  async draw() {
    const [notices, seen] = await Promise.all([store.rowsOf("notices"), store.rowsOf("seen")]), fresh = unread(notices, seen).sort(newest)
    const open = notices.filter(each => !each.done_at && !fresh.includes(each)).sort(newest), over = notices.filter(each => each.done_at).sort(newest)
    return html`${top("通知", fresh.length ? `${fresh.length} 条没看` : "都看过了", fresh.length > 1 ? button("all", "都看过了", { sign: "ok" }) : "")}
      <main class="stack">${fresh.length ? section(`没看的 ${fresh.length} 条`, fresh.slice(0, SHOWN).map(each => line(each, true))) : ""}
      ${open.length ? section(`看过、还没办完的 ${open.length} 条`, open.slice(0, SHOWN).map(each => line(each))) : ""}
      ${over.length ? section(`办完的 ${over.length} 条`, over.slice(0, SHOWN).map(each => line(each)), { aside: over.length > SHOWN ? `先列 ${SHOWN} 条` : "留 60 天" }) : ""}
      ${notices.length ? "" : html`<p class="card empty">没有通知。交给您检查、您报的隐患有了结果、要您复查的，都到这里。</p>`}</main>`
  },
  deeds: {
    async open(id) {
      const notice = await store.rowOf("notices", id), lead = leadOf(notice)
      await see([notice])
      if (lead) go(lead)
      else draw()
    },
    async all() { await see(unread(await store.rowsOf("notices"), await store.rowsOf("seen"))); draw() },
  },
}

const line = (each, fresh = false) => html`<button type="button" class="row" data-deed="open" data-of="${each.id}">${icon(fresh ? "bell" : each.done_at ? "ok" : "list")}<div>
  <div class="tags">${fresh ? html`<span class="state late">没看</span>` : ""}${each.done_at ? "" : due(each.due_on)}<small class="end">${since(each.made_at)}</small></div>
  <span class="${fresh ? "fresh" : ""}">${each.sentence}</span>${each.done_at ? html`<br><small>${day(each.done_at)} 办结</small>` : ""}${leadOf(each) ? html`<br><small>点开去办 ›</small>` : ""}</div></button>`

async function see(notices) {
  const { id: by } = await store.get("person"), read = new Set((await store.rowsOf("seen")).map(each => each.message)), fresh = notices.filter(each => !read.has(each.id))
  for (const { id: message } of fresh) {
    await store.putRow("seen", `here-${message}`, { message })
    await store.saveRecord({ id: newId(), kind: "seen", quiet: true, plain: true, by, state: "here", method: "POST", path: `inbox/${message}/seen`, body: {}, photos: [], made_at: new Date().toISOString(), title: "看过通知", words: {} })
  }
  if (fresh.length) changedSend()
}
