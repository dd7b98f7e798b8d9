// 我的: how it looks, who is signed in, what this phone keeps.
import { draw, fault, go } from "../frame.js"
import { ask } from "../line.js"
import * as outbox from "../outbox.js"
import { button, choice, html, note, top } from "../parts.js"
import * as store from "../store.js"

const SIZES = [["", "普通"], ["large", "大字"]], THEMES = [["", "随手机"], ["light", "浅色"], ["dark", "深色"]], PHOTOS = [["", "存原图"], ["smaller", "存缩小的"]]
let sure = false

export async function look() {
  for (const word of ["size", "theme"]) {
    const value = await store.get(word)
    if (value) document.documentElement.dataset[word] = value
    else delete document.documentElement.dataset[word]
  }
}

export default {
  route: "settings",
  async draw() {
    const [person, size, theme, photos, edition] = await Promise.all(["person", "size", "theme", "photos", "edition"].map(store.get)), waiting = (await outbox.waiting()).length
    return html`${top("我的", `${person.name}，${person.role_name || ""}`)}<main class="stack">${note(fault(), { look: "stop" })}
      <section class="card stack"><h2>字号</h2>${choice("size", "字号", size || "", SIZES)}<h2>颜色</h2>${choice("theme", "颜色", theme || "", THEMES)}</section>
      <section class="card stack"><h2>照片</h2>${choice("photos", "照片", photos || "", PHOTOS)}<small>原图证明力最强。缩小的约 1 MB，省流量，信号弱时快得多；只对以后拍的起作用。</small></section>
      <section class="card stack"><h2>退出登录</h2>
        ${waiting ? note(html`<b>${waiting} 条还没有上传。</b>退出不会删掉它们：您再登录时接着送。`, { look: "stop" }) : ""}
        ${sure ? html`<div class="btns">${button("out", "确定退出")}${button("stay", "不退出", { look: "go" })}</div>` : button("ask", "退出登录")}</section>
      <p class="dim">版本 ${edition}</p></main>`
  },
  leave() { sure = false },
  deeds: {
    size: async value => { await store.keep("size", value); await look(); draw() },
    theme: async value => { await store.keep("theme", value); await look(); draw() },
    photos: async value => { await store.keep("photos", value); draw() },
    ask: () => { sure = true; draw() },
    stay: () => { sure = false; draw() },
    async out() {
      await ask("POST", "auth/logout", { body: {} }).catch(() => {}) // without a line the phone forgets the token, and the server lets it end
      await store.drop("token")
      await store.drop("lapsed")
      if (!(await outbox.waiting()).length) await store.wipe()
      go("sign-in")
    },
  },
}
