// Talking to the server: every answer is one of few words, whatever stands between here and there.
import { drop, get, keep } from "./store.js"

export class Away extends Error {} // no line, no server, a portal's page: later
export class SignedOut extends Error {}
export class Refused extends Error { // the server's last word on this body
  constructor(status, problem) { super(problem.title || "没有被接受"); this.status = status; this.problem = problem }
}

const LATER = new Set([408, 423, 425, 429, 460, 500, 502, 503, 504])

// `open`: without a token. `proof`: in the place of the token, the device's own.
export async function ask(method, path, { body, bytes, headers = {}, seconds = 60, open = false, proof = "" } = {}) {
  const token = open || proof ? "" : await get("token")
  if (!token && !open && !proof) throw new SignedOut("请先登录")
  const stop = new AbortController(), clock = setTimeout(() => stop.abort(), seconds * 1000)
  const as = proof || (token ? `Bearer ${token}` : "")
  try {
    const answer = await fetch(`/api/v1/${path}`, {
      method, signal: stop.signal, cache: "no-store", credentials: "omit", redirect: "error",
      headers: { ...(as ? { Authorization: as } : {}), ...(body ? { "Content-Type": "application/json" } : {}), ...headers },
      body: body ? JSON.stringify(body) : bytes,
    }).catch(() => { throw new Away("没有信号，照常用") })
    return await read(answer, token)
  } finally {
    clearTimeout(clock) // the answer's body too must come within the time
  }
}

async function read(answer, token) {
  const type = answer.headers.get("Content-Type") || "", ours = answer.headers.has("X-Trace-Id")
  if (ours) await compareClocks(answer)
  if (answer.ok && ours && !type.includes("json")) return answer // headers, or a file
  if (!type.includes("json")) throw new Away("连着的网络要先登录（出来的是别的网页）")
  let told
  try { told = await answer.json() } catch (_) { throw new Away("回答没有收全") }
  if (answer.ok) return { status: answer.status, headers: answer.headers, told }
  if (answer.status === 401) {
    if (token && (await get("token")) === token) { await keep("lapsed", "now"); await drop("token") }
    throw Object.assign(new SignedOut(told.title), { code: told.code })
  }
  if (LATER.has(answer.status)) throw new Away(told.title || "服务器忙，稍后再送")
  throw new Refused(answer.status, told)
}

// A false clock is told to the person; the record is taken all the same, and the server reckons with `device.clock`.
async function compareClocks(answer) {
  const theirs = Date.parse(answer.headers.get("Date") || ""), minutes = Math.round((Date.now() - theirs) / 60_000)
  if (!Number.isNaN(minutes) && minutes !== ((await get("clock_off")) || 0)) await keep("clock_off", minutes)
}
