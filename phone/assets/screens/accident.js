// 事故: the telephone is the legal report; what is written comes after it.
import { html, icon, top } from "../parts.js"
import * as store from "../store.js"

export default {
  route: "accident",
  async draw() {
    const phone = await store.get("duty-phone")
    return html`${top("事故", "电话是法定的第一报")}<main class="stack"><div class="card stack"><p class="dim">先打电话给值班室，再补记录。</p>
      ${phone ? html`<a class="btn go" href="tel:${phone}">${icon("call")}${phone}</a>` : html`<p>值班室电话还没有登记，请拨 119、120、110 或本单位值班电话。</p>`}</div></main>`
  },
}
