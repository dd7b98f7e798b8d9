{% autoescape off %}// The shell, kept: it opens without a line. What the API says is never kept here; the page keeps it itself.
const EDITION = "shell-{{ edition }}"
const FILES = {{ files }}

self.addEventListener("install", event => {
  event.waitUntil(caches.open(EDITION).then(cache => cache.addAll(FILES.map(file => new Request(file, { cache: "reload" })))))
})

self.addEventListener("activate", event => {
  event.waitUntil(
    caches.keys()
      .then(names => Promise.all(names.filter(name => name.startsWith("shell-") && name !== EDITION).map(name => caches.delete(name))))
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

// The line is back while no page looks: whoever is open sends, the others are told when they open.
self.addEventListener("sync", event => {
  event.waitUntil(self.clients.matchAll().then(pages => pages.forEach(page => page.postMessage("send"))))
})
{% endautoescape %}
