// Which list is answered: the department's own for the sector, else the sector's, else the general one. Another may be chosen.
import * as store from "../store.js"

export async function listOf(words, sector) {
  const all = await store.list("checklists"), named = code => all.find(each => each.code === code)
  const chosen = (words.checklist && named(words.checklist)) || (words.department && named(`${sector}.${words.department}`)) || named(sector) || named("general") || null
  return { all, chosen, items: chosen ? chosen.items.map(([code, text, hint]) => ({ code, text, hint })) : [] }
}
