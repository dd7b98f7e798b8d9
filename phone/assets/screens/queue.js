// 队列: what needs you, what is on its way, what is only here, what was received. Nothing hidden, nothing dropped.
import { reopen } from "../drafts.js"
import { draw, fault, go } from "../frame.js"
import * as outbox from "../outbox.js"
import { button, counts, day, hour, html, link, note, row, section, top, trip } from "../parts.js"
import { changedSend } from "../sending.js"
import * as store from "../store.js"

const STATES = { here: ["here", "本机"], sending: ["", "发送中"], stopped: ["late", "退回"], received: ["done", "已收"] }
const SHOWN = 200

export default {
  route: "queue",
  async draw() {
    const records = (await store.everything()).filter(each => each.state !== "draft" && !each.quiet), me = ((await store.get("person")) || {}).id
    const left = records.filter(each => each.state !== "received"), others = left.filter(each => each.by && each.by !== me)
    const part = (title, state, aside = "") => {
      const some = records.filter(each => each.state === state && !others.includes(each)).reverse()
      return some.length ? section(`${title} ${some.length} 条`, some.slice(0, SHOWN).map(each => entry(each)), { aside }) : ""
    }
    return html`${top("队列", outbox.state.line || "有信号就送，不用管它", button("export", "导出", { sign: "down", off: !left.length }))}
      <main class="stack"><div class="card">${trip(counts(records))}</div>${note(fault(), { look: "stop" })}
        ${left.length ? note(html`<b>${left.length} 条未上传，先别清理手机。</b><br>${await room()}`, { look: "stop" }) : ""}
        ${part("要您看", "stopped")}${part("发送中", "sending")}${part("只在本机", "here")}
        ${others.length ? section(`别人的 ${others.length} 条`, others.map(each => entry(each, { own: false })), { aside: "本人登录后送，或交办公室" }) : ""}
        ${part("已收", "received", "回执都对得上")}
        ${records.length ? "" : html`<p class="card empty">这里还没有东西。拍下的隐患、做的检查都先存在这里，有信号就送。</p>`}</main>`
  },
  deeds: {
    again: async id => { await store.change(id, { state: "here", why: "" }); changedSend() },
    rescue: async id => { await outbox.rescue(id); draw() },
    without: async id => { await outbox.giveUp(id); changedSend() },
    async mend(id) { const each = await store.record(id); await reopen(each); go(each.key.replace("-", "/")) },
    export: exported,
  },
}
// A body that was refused is stored nowhere, so it may be put right under its own id; what stands under the id already may not.
const mayMend = each => each.state === "stopped" && Boolean(each.key) && !each.stands && Boolean(each.refused) && [400, 413, 422].includes(each.refused.status) && !each.refused.photo

async function room() {
  const { persisted, estimate } = navigator.storage || {}
  const space = estimate ? await navigator.storage.estimate() : null, left = space && space.quota ? ` 还能存约 ${spacious(Math.max(0, space.quota - space.usage))}。` : ""
  if (persisted && (await navigator.storage.persisted())) return `浏览器答应不删这里的数据。${left}`
  return `浏览器空间不够时会删数据。可以先“导出”存一份。${left}`
}

function entry(each, { own = true } = {}) {
  const [look, said] = STATES[each.state], moving = outbox.state.progress.get(each.id), done = each.state === "received"
  const about = done ? `${day(each.received_at)} ${hour(each.received_at)} 已收${each.why ? `，${each.why}` : ""}` : each.why || (each.photos.length ? `${each.photos.length} 张照片` : "")
  const photo = each.refused && each.refused.photo
  return row(html`<div><div class="tags"><span class="state ${look}">${said}</span><small class="end">${day(each.made_at)} ${hour(each.made_at)}</small></div><b>${each.title}</b><p class="dim">${about}</p>
    ${(each.remarks || []).map(words => html`<p class="dim">提示：${words}</p>`)}
    ${moving ? html`<progress max="${moving.size}" value="${moving.at}" aria-label="这张照片已送"></progress><small>第 ${each.photos.indexOf(moving.photo) + 1} 张，共 ${each.photos.length} 张；断了接着传，不重来</small>` : ""}
    ${each.kind === "visit" ? html`<div class="btns">${link(`visited/${each.id}`, "看文书、更正")}</div>` : ""}
    ${each.state === "stopped" ? html`<p class="dim">您的这份没丢。</p><div class="btns">${own && mayMend(each) ? button("mend", "回去改", { of: each.id, look: "go", sign: "pen" }) : ""}${button("again", "再送一次", { of: each.id, look: own && mayMend(each) ? "" : "go" })}${photo
      ? button("without", "不带这张，照样交", { of: each.id }) : button("rescue", "交办公室处理", { of: each.id })}</div>` : ""}</div>`)
}

const spacious = bytes => (bytes < 1e9 ? `${Math.floor(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(1)} GB`)
export async function exported() {
  const parts = []
  for (const each of await outbox.waiting()) {
    const photos = await store.photosOf(each.id)
    parts.push({ ...each, bytes: photos.map(photo => ({ id: photo.id, media_type: photo.media_type, sha256: photo.sha256, base64: base64(photo.bytes) })) })
  }
  const now = new Date().toISOString(), told = { of: await store.get("person"), device: await store.get("device"), at: now, records: parts }
  const file = new Blob([JSON.stringify(told)], { type: "application/json" })
  Object.assign(document.createElement("a"), { href: URL.createObjectURL(file), download: `未上传-${now.slice(0, 16).replace(":", "")}.json` }).click()
}
function base64(bytes) {
  const view = new Uint8Array(bytes), pieces = []
  for (let at = 0; at < view.length; at += 0x8000) pieces.push(String.fromCharCode.apply(null, view.subarray(at, at + 0x8000)))
  return btoa(pieces.join(""))
}
