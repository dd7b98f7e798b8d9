// 登录. The key of the device stays on it from the first sign-in on: it outlives the token, and the queue is safe by it.
import { anew } from "../beside.js"
import { draw, fault, go } from "../frame.js"
import { SignedOut, ask } from "../line.js"
import * as outbox from "../outbox.js"
import { button, field, html, note } from "../parts.js"
import { exchange } from "../sending.js"
import * as store from "../store.js"
import { exported } from "./queue.js"

const OWN = ["me", "reports", "risks", "walk-last", "companions"] // of whoever was signed in before

export default {
  route: "sign-in",
  open: true,
  still: true,
  async draw() {
    const waiting = (await outbox.waiting()).length, before = await store.get("person"), lapsed = before && (await store.get("lapsed"))
    return html`<main class="stack"><h1>兴县安全检查</h1>
      ${waiting ? note(`${waiting} 条还在本机，登录后接着送，一条不丢。`, { look: "ok" }) : ""}
      <form class="card stack" data-submit="signin">
        ${field("用户名", html`<input name="username" autocomplete="username" required maxlength="40" value="${before ? before.username : ""}">`)}
        ${field("口令", html`<input name="password" type="password" autocomplete="current-password" required maxlength="200">`)}
        ${field("动态口令（没有就空着）", html`<input name="otp" inputmode="numeric" autocomplete="one-time-code" maxlength="10">`)}
        ${fault() ? html`<p class="wrong" role="alert">${fault()}</p>` : ""}<button class="btn go">登录</button></form>
      ${lapsed ? html`<section class="card stack"><p>${before.name}的登录到期了。没有信号、想不起口令，也不耽误记：先存在这台手机上，登录后再送。</p>${button("later", "先接着记，晚点再登", { sign: "pen" })}</section>` : ""}
      ${waiting ? html`<section class="card stack"><p>登录不了（调动、停用、换了口令）？这台手机可以凭自己的钥匙，把 ${waiting} 条原样交给办公室保管。</p>
        ${said ? html`<p role="status">${said}</p>` : ""}${button("home", `交办公室保管 ${waiting} 条`)}${lapsed ? button("export", "导出成文件", { sign: "down" }) : ""}</section>` : said ? note(said, { look: "ok" }) : ""}</main>`
  },
  leave() { said = "" },
  submits: { signin },
  deeds: { home, export: exported, later: async () => { await store.keep("lapsed", "later"); go("") } },
}

let said = ""

// The copy here goes only when all of it was taken; then nobody finds anything on a phone that is no longer theirs.
async function home() {
  said = "正在交……"
  await draw()
  try { await outbox.bringHome() } catch (error) { said = ""; throw error instanceof SignedOut ? new Error("这台手机的钥匙不认了：先“导出成文件”，带着它到办公室。") : error }
  await store.wipe()
  said = "都交给办公室了，这台手机上的已经清空。"
  draw()
}

async function signin(form) {
  const device = (await store.get("device")) || outbox.newId(), key = (await store.get("device_key")) || ""
  const { username, password, otp } = Object.fromEntries(new FormData(form))
  const body = { username: username.trim(), password, otp, device_id: device, device_name: navigator.userAgent.slice(0, 80), device_key: key }
  const { told } = await ask("POST", "auth/login", { open: true, body })
  const before = await store.get("person")
  if (before && before.id !== told.user.id) await Promise.all(["cursor", ...OWN, ...(await store.wordsFrom("known-"))].map(store.drop))
  const kept = { device, device_key: told.device_key || key, token: told.token, person: told.user, locks: told.locks || null }
  await Promise.all(Object.entries(kept).map(([word, value]) => store.keep(word, value)))
  await store.drop("lapsed")
  anew()
  go("")
  exchange()
}
