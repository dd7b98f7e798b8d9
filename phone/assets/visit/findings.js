// What is wrong: of an item that is not passed, or outside the list.
import { newId } from "../outbox.js"

export const begun = (item = "") => ({ id: newId(), item, level: "general", description: "", order: false, measures: "", deadline: "", clause: "", criterion: "", criterion_words: "" })
// Of an item that was passed after all nothing is told; what was written of it stays in the draft.
export const findingsOf = words => words.findings.filter(each => !each.item || (words.items[each.item] || {}).result === "fail")
export const ofItem = (words, item) => words.findings.filter(each => each.item === item)
export const changed = (id, facts) => now => ({ findings: now.findings.map(each => (each.id === id ? { ...each, ...facts } : each)) })
