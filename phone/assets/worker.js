// The shell, kept: it opens without a line. What the API says is never kept here; the page keeps it itself.
import { sendOnce } from "./outbox.js"

const { edition, files } = self.SHELL, KEPT = `shell-${edition}`

self.addEventListener("install", event => {
  // What bears its edition in its address was just loaded by the page, and is not fetched twice.
  const wanted = files.map(file => new Request(file, { cache: file.startsWith("/assets/") ? "default" : "reload" }))
  event.waitUntil(caches.open(KEPT).then(cache => cache.addAll(wanted)))
})

self.addEventListener("activate", event => {
  event.waitUntil(
    caches.keys()
      .then(names => Promise.all(names.filter(name => name.startsWith("shell-") && name !== KEPT).map(name => caches.delete(name))))
      .then(() => self.clients.claim()),
  )
})

self.addEventListener("fetch", event => {
  const url = new URL(event.request.url)
  if (event.request.method !== "GET" || url.origin !== location.origin) return
  if (!url.pathname.startsWith("/m/") && !url.pathname.startsWith("/assets/")) return
  const wanted = event.request.mode === "navigate" ? "/m/" : event.request
  event.respondWith(caches.match(wanted).then(kept => kept || fetch(event.request)))
})

// The page says that nothing is half done on it: the newer shell takes over, and the page loads anew.
self.addEventListener("message", event => { if (event.data === "take-over") self.skipWaiting() })

// The line is back, and perhaps no page is open.
self.addEventListener("sync", event => { if (event.tag === "outbox") event.waitUntil(sendOnce()) })
