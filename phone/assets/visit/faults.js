// What the server said of a body that it refused, at the place that it is about: /hazards/2/deadline → that finding, /answers/0/item → that item.
export function placed(entry) {
  const errors = (entry.refused && entry.refused.errors) || [], body = entry.body || {}
  return errors.map(({ pointer = "", detail = "" }) => {
    const [, part, at] = pointer.split("/"), row = (body[part] || [])[Number(at)] || {}
    if (part === "hazards" && row.id) return { finding: row.id, detail }
    if (part === "answers" && row.item) return { item: row.item, detail }
    return { part: part || "", detail }
  })
}
export const faultsOf = (faults, { finding, item }) => faults.filter(each => (finding ? each.finding === finding : each.item === item)).map(each => each.detail)
export const others = faults => faults.filter(each => !each.finding && !each.item).map(each => each.detail)
