// 签字 Of the unit's person, with a finger; or a refusal with its reason and who saw it. The drawing library is fetched only here.
import { button, field, html, note } from "../parts.js"

const TITLES = { order: "责令限期整改指令书", notice: "检查通知书", record: "现场检查记录" }
const MOST = 200 * 1024, WIDE = 600
let pad = null, of = "", ink = null

export const signing = (words, which, text, said) => html`<header class="top">${button("fold", "", { of: `sign/${which}`, look: "bare", sign: "back", label: "返回" })}<div><h1>请对方签字</h1><small>${TITLES[which]}</small></div></header><main class="stack">
  ${text ? html`<div class="card paper scrolls" tabindex="0" aria-label="文书全文">${text.split("\n").map((each, at) => html`<p class="${at ? "" : "head"}">${each}</p>`)}</div>` : ""}
  <div class="pair">${field("姓名", html`<input name="who.name" maxlength="60" autocomplete="off" value="${words.who.name}">`)}${field("职务", html`<input name="who.post" maxlength="60" autocomplete="off" value="${words.who.post}" placeholder="如 矿长">`)}</div>
  ${words.signed[which] ? note(`已签字，${words.signed[which][0].name}。要改就再签一次。`, { look: "ok" }) : ""}${words.refused[which] ? note(`已记拒签：${words.refused[which].reason}`, { look: "ok" }) : ""}
  <div class="pad"><canvas aria-label="在这里用手指签"></canvas><small aria-hidden="true">在这里用手指签</small></div>
  <details${words.refusing ? html` open` : ""}><summary>对方拒签</summary><div class="stack">${field("为什么不签", html`<input name="refusing" maxlength="500" value="${words.refusing || ""}">`)}${field("见证人（没有就空着）", html`<input name="witnesses" maxlength="120" value="${words.witnesses || ""}" placeholder="几个人用顿号隔开">`)}
    ${button("refuse", "记下拒签", { of: which })}</div></details></main>
  <div class="foot">${note(said, { look: "stop" })}<nav class="dock">${button("wipe", "重签", { sign: "redo" })}${button("signed", "签好了", { of: which, look: "go big", sign: "ok" })}</nav></div>`

export async function attach(which) {
  const canvas = document.querySelector(".pad canvas")
  if (!canvas) return
  const { default: SignaturePad } = await import("signature_pad")
  if (pad && of !== which) ink = null
  if (pad) pad.off()
  of = which
  const scale = Math.min(2, window.devicePixelRatio || 1)
  canvas.width = canvas.clientWidth * scale
  canvas.height = canvas.clientHeight * scale
  canvas.getContext("2d").scale(scale, scale)
  pad = new SignaturePad(canvas, { backgroundColor: "#fff", penColor: "#000", minWidth: 1, maxWidth: 3 })
  if (ink) pad.fromData(ink) // what was drawn stays over a redraw
  pad.addEventListener("endStroke", () => { ink = pad.toData() })
}
export function wipe() { ink = null; if (pad) pad.clear() }

// PNG as base64, at most 200 KB. Raises a sentence where nothing was drawn.
export function image() {
  if (!pad || pad.isEmpty()) throw new Error("还没有签：请对方在方框里用手指签名。")
  const { canvas } = pad, small = document.createElement("canvas"), scale = Math.min(1, WIDE / canvas.width)
  small.width = Math.round(canvas.width * scale)
  small.height = Math.round(canvas.height * scale)
  small.getContext("2d").drawImage(canvas, 0, 0, small.width, small.height)
  const [, written] = small.toDataURL("image/png").split(",")
  if (written.length > MOST) throw new Error("签名的图太大了，请重签一次。")
  return written
}
