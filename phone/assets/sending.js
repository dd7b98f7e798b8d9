// Sending and fetching, whenever there may be a line.
import { besides } from "./beside.js"
import { draw, go } from "./frame.js"
import { SignedOut } from "./line.js"
import * as outbox from "./outbox.js"
import * as store from "./store.js"
import { refresh } from "./visit/facts.js"

let fetching = null

export function exchange() {
  return Promise.all([send(), fetch()])
}
async function send() {
  const before = outbox.state.taken
  await outbox.send()
  if (outbox.state.signedOut) return signInAgain()
  if (outbox.state.taken === before) return
  await fetching
  await fetch() // what became of it: its number, its state, one's own list
}
function fetch() {
  if (!fetching) fetching = outbox.sync().then(refresh).then(besides).catch(async error => {
    if (error instanceof SignedOut) await signInAgain()
  }).finally(() => { fetching = null })
  return fetching
}
// Not in the middle of writing, and not of whoever said to go on without: the line on the first screen says it, and the draft goes on.
async function signInAgain() {
  if (/^#\/?(queue|notices|settings)?$/.test(location.hash) && !(await store.get("token")) && (await store.get("lapsed")) !== "later") go("sign-in")
  else draw()
}

// Something was saved on this phone: now, or by itself as soon as there is a line, even when the page is closed by then.
export async function changedSend() {
  if (navigator.storage && navigator.storage.persist) navigator.storage.persist()
  if ("serviceWorker" in navigator) {
    const shell = await navigator.serviceWorker.getRegistration("/m/")
    if (shell && shell.sync) shell.sync.register("outbox").catch(() => {})
  }
  return exchange()
}
