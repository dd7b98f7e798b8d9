// What is known of a hazard besides its row: its steps for this person and how it looked. Fetched while there is a line, kept for where there is none.
import { ask } from "./line.js"
import { today } from "./parts.js"
import * as store from "./store.js"

const WORD = "known-", MOST = 60, PICTURES = 3, HEAVY = 1_500_000 // bytes: an original that has no thumbnail yet is fetched up to here
const edition = row => [row.state, row.due_on, row.review_due_on, row.description].join(" ")
const shown = word => ({ before: 0, scene: 1, review: 2, after: 3 }[word])

export const known = id => store.get(WORD + id)

export async function learn(id) {
  const row = await store.rowOf("hazards", id), had = await known(id)
  const { told: hazard } = await ask("GET", `hazards/${id}`)
  const wanted = hazard.photos.filter(each => each.state === "ready" || each.state === "held").sort((a, b) => shown(a.shows) - shown(b.shows)).slice(0, PICTURES)
  const photos = []
  for (const each of wanted) photos.push(((had && had.photos) || []).find(kept => kept.id === each.id && kept.bytes) || (await picture(each)))
  await store.keep(WORD + id, { edition: row ? edition(row) : "", hazard, photos, at: new Date().toISOString() })
}

async function picture({ id, shows, taken_at, by_name }) {
  const { told } = await ask("GET", `photos/${id}`), light = told.size <= HEAVY && !/^audio\//.test(told.media_type)
  const address = told.links.thumb || (light ? told.links.original : null), answer = address ? await fetch(address, { credentials: "omit" }).catch(() => null) : null
  const bytes = answer && answer.ok ? await answer.arrayBuffer() : null
  return { id, shows, taken_at, by_name, bytes, media_type: answer ? answer.headers.get("Content-Type") : "" }
}

// Those that this person will stand before, the soonest due first; what ended is forgotten.
export async function learnAll(rows) {
  const soonest = rows.map(each => ({ ...each, by: each.review_due_on || each.due_on || today() })).sort((a, b) => (a.by < b.by ? -1 : 1)).slice(0, MOST)
  for (const each of soonest) {
    const had = await known(each.id)
    if (!had || had.edition !== edition(each) || had.photos.some(photo => !photo.bytes)) await learn(each.id)
  }
  const wanted = new Set(soonest.map(each => WORD + each.id)), day = Date.now() - 86_400_000
  for (const word of await store.wordsFrom(WORD)) if (!wanted.has(word) && Date.parse((await store.get(word)).at) < day) await store.drop(word)
}
