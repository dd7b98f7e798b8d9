// The page starts here: its screens, its shell, its clock.
import { draw, register } from "./frame.js"
import accident from "./screens/accident.js"
import check from "./screens/check.js"
import hazard from "./screens/hazard.js"
import home from "./screens/home.js"
import mine from "./screens/mine.js"
import notices from "./screens/notices.js"
import queue from "./screens/queue.js"
import review from "./screens/review.js"
import reviews from "./screens/reviews.js"
import settings, { look } from "./screens/settings.js"
import signIn from "./screens/sign_in.js"
import visit from "./screens/visit.js"
import visited from "./screens/visited.js"
import walk from "./screens/walk.js"
import { exchange } from "./sending.js"
import * as store from "./store.js"

const EVERY = 20_000 // milliseconds between two looks for news while the page is seen

register(home, hazard, visit, visited, walk, reviews, review, mine, check, accident, notices, queue, settings, signIn)

// --- the shell: kept by a worker where the browser has one ------------------------------------------------------------------------
async function keepShell() {
  if (!("serviceWorker" in navigator)) return
  navigator.serviceWorker.addEventListener("controllerchange", () => { if (controlled) location.reload(); controlled = true })
  const shell = await navigator.serviceWorker.register("/m/sw.js", { scope: "/m/" }).catch(() => null)
  if (!shell) return
  const offer = () => { if (shell.waiting && /^#?\/?$/.test(location.hash)) shell.waiting.postMessage("take-over") }
  window.addEventListener("hashchange", offer) // an update waits until one is back at the first screen: nothing half done stands there
  shell.addEventListener("updatefound", () => { if (shell.installing) shell.installing.addEventListener("statechange", offer) })
  setInterval(offer, EVERY) // a slow phone hears of it when it is installed already
  offer()
}
let controlled = "serviceWorker" in navigator && Boolean(navigator.serviceWorker.controller)

window.addEventListener("online", exchange)
document.addEventListener("visibilitychange", () => { if (!document.hidden) exchange() })
setInterval(() => { if (!document.hidden) exchange() }, EVERY)

store.keep("edition", document.body.dataset.edition)
  .then(look)
  .then(draw)
  .then(() => { keepShell(); exchange() })
  .catch(() => { // without IndexedDB nothing can be kept, and the page says so instead of losing it
    document.getElementById("app").innerHTML = `<main><p class="empty">这个浏览器不让网页存数据（可能是无痕窗口），记录会丢，所以不能在这里用。<br>请用手机自带的浏览器打开；急事请打电话。</p></main>`
  })
