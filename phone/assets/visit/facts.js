// What a visit asks of the office's tables, fetched with the sync of a day and kept: in whose name, which terms, how often already.
import { ask } from "../line.js"
import * as store from "../store.js"
import { countyToday } from "./days.js"

export const facts = async () => (await store.get("office")) || {}

const body = async path => (await ask("GET", path)).told
const rule = async kind => { const { results } = await body(`rules?kind=${kind}&limit=50`); return results.map(each => each.body) }

// Once a day, and again after another person signed in or tasks have come. What does not come is asked for the next time.
export async function refresh() {
  const person = await store.get("person"), held = await facts(), tasks = (await store.rowsOf("tasks")).map(each => each.id).sort().join(), day = await countyToday()
  if (!person || !(await store.get("token"))) return
  if (held.of === person.id && held.day === day && held.tasks === tasks) return
  const [me, deadlines, papers, sectors, mine] = await Promise.all([
    body("me"), rule("deadlines"), rule("papers"), body("sectors?all=true&limit=100"), tasks ? body("tasks?mine=true&limit=100") : { results: [] },
  ])
  const terms = deadlines.flatMap(each => each.items || []).find(each => each.code === "general"), remedy = (papers.find(each => each.remedy) || {}).remedy
  await store.keep("office", {
    of: person.id, day, tasks, authorities: me.authorities, authorities_note: me.authorities_note, terms, remedy,
    sectors: sectors.results.map(({ code, name }) => ({ code, name })),
    years: Object.fromEntries(mine.results.filter(each => each.enterprise && each.count).map(each => [each.enterprise, each.count])),
  })
  store.changed("office")
}

// This year's count of a unit: as the server last told it, else as sync counts it. The ceiling stands only in what the server told.
export async function yearOf(unit, office) {
  const year = Number((await countyToday()).slice(0, 4)), told = (office.years || {})[unit.id] || (await store.get(`year-${unit.id}`))
  const rows = (await store.rowsOf("counts")).filter(each => each.enterprise === unit.id && each.year === year), person = (await store.get("person")) || {}
  const own = told && told.year === year ? told.authority : person.department, mine = rows.filter(each => !own || each.department === own)
  const counted = mine.reduce((sum, each) => sum + each.counted, 0), made = rows.reduce((sum, each) => sum + each.made, 0)
  return { counted: Math.max(counted, told && told.year === year ? told.counted : 0), made, ceiling: told && told.year === year ? told.ceiling : undefined, by: told ? told.authority_name : "" }
}
// Without a line the sentence says that the ceiling is not known; with one it stands here the next moment.
export async function fetchYear(unit) {
  const told = await ask("GET", `enterprises/${unit.id}`, { seconds: 15 }).then(answer => answer.told.inspections_this_year, () => null)
  if (told) await store.keep(`year-${unit.id}`, told)
  return Boolean(told)
}
