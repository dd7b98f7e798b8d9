// Companions and officers, from the directory that sync brings.
import { countyToday } from "./days.js"
import * as store from "../store.js"

export async function directory() {
  const people = await store.list("people"), me = ((await store.get("person")) || {}).id
  return { people, me, others: people.filter(each => each.id !== me && each.can.includes("companion")), byId: new Map(people.map(each => [each.id, each])) }
}
export const certified = (person, on) => Boolean(person && person.can.includes("officer") && person.certified_to && person.certified_to >= on)

// Who of those present may order on the spot: the author and a companion, each with a certificate of that day.
export async function officersOf(words) {
  const { byId, me } = await directory(), on = await countyToday()
  return [me, ...words.companions].map(id => byId.get(id)).filter(each => certified(each, on))
}
export async function mayOrder(words) {
  const officers = await officersOf(words), { me } = await directory()
  if (words.authority !== "administrative") return "只有行政检查能当场责令；这次先报上去，由办公室责令。"
  if (!officers.some(each => each.id === me)) return "您今天没有有效的执法证，不能当场责令；先报上去，由办公室责令。"
  return officers.length < 2 ? "当场责令要两位有执法证的人：请在上面加一位有证的同行人。" : ""
}
