// Talking to the server: every answer is one of few words, whatever stands between here and there.
import { drop, get } from "./store.js"

export class Away extends Error {} // no line, no server, a portal's page: later
export class SignedOut extends Error {}
export class Refused extends Error { // the server's last word on this body
  constructor(status, problem) { super(problem.title || "没有被接受"); this.status = status; this.problem = problem }
}

const LATER = new Set([408, 423, 425, 429, 500, 502, 503, 504])

export async function ask(method, path, { body, bytes, headers = {}, seconds = 60, open = false } = {}) {
  const token = await get("token")
  if (!token && !open) throw new SignedOut()
  const stop = new AbortController(), clock = setTimeout(() => stop.abort(), seconds * 1000)
  let answer
  try {
    answer = await fetch(`/api/v1/${path}`, {
      method, signal: stop.signal, cache: "no-store", credentials: "omit", redirect: "error",
      headers: { ...(open ? {} : { Authorization: `Bearer ${token}` }), ...(body ? { "Content-Type": "application/json" } : {}), ...headers },
      body: body ? JSON.stringify(body) : bytes,
    })
  } catch (_) {
    throw new Away("没有信号，照常用")
  } finally {
    clearTimeout(clock)
  }
  return read(answer, token)
}

async function read(answer, token) {
  const type = answer.headers.get("Content-Type") || "", ours = answer.headers.has("X-Trace-Id")
  if (answer.ok && ours && !type.includes("json")) return answer // headers say it all
  if (!type.includes("json")) throw new Away("连着的网络要先登录（出来的是别的网页）")
  let told
  try { told = await answer.json() } catch (_) { throw new Away("回答没有收全") }
  if (answer.ok) return { status: answer.status, headers: answer.headers, told }
  if (answer.status === 401) {
    if (token && (await get("token")) === token) await drop("token")
    throw new SignedOut(told.title)
  }
  if (LATER.has(answer.status)) throw new Away(told.title || "服务器忙，稍后再送")
  throw new Refused(answer.status, told)
}
