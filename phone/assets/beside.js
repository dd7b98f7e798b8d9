// What a person needs in the valley besides sync: kept whenever there is a line, each part for itself, none in the way of another.
import { learnAll } from "./known.js"
import { ask } from "./line.js"
import * as roles from "./roles.js"
import * as store from "./store.js"

const AGAIN = 300_000 // milliseconds
let last = 0

export async function besides() {
  const person = await store.get("person")
  if (!person || Date.now() - last < AGAIN) return
  last = Date.now()
  for (const part of [me, reports, hazards, ...(roles.ofUnit(person) ? [risks] : [])]) await part(person).catch(() => { last = 0 })
  store.changed("rows") // whoever waits for it on the screen sees it
}
export const anew = () => { last = 0 }

const me = async () => store.keep("me", (await ask("GET", "me")).told)
// What became of my reports, also of those that ended and that sync brings no more.
async function reports({ role }) {
  if (role === "duty_officer") return
  const { told } = await ask("GET", "hazards?mine=true&limit=50")
  await store.keep("reports", told.results)
}
export const concerns = (person, row) => (roles.ofUnit(person) ? row.state !== "review_requested" : row.state === "review_requested" && roles.reviews(person))
const hazards = async person => learnAll((await store.rowsOf("hazards")).filter(each => concerns(person, each)))

async function risks({ enterprise }) {
  const points = []
  let next = `risk-points?enterprise=${enterprise}&limit=200`
  while (next) {
    const { told } = await ask("GET", next)
    points.push(...told.results.map(({ id, name, place, control_level, colour, hazard_factors }) => ({ id, name, place, control_level, colour, hazard_factors })))
    next = told.next ? told.next.replace(/^.*\/api\/v1\//, "") : ""
  }
  const { told: duty } = await ask("GET", `enterprises/${enterprise}/self-check-duty`)
  await store.keep("risks", { points, duty, at: new Date().toISOString() })
}
