// 责令限期整改指令书 as it is shown before there is a number: the sentences of evidence/papers/templates/rectify_order.toml, which a test compares.
import { after, countyToday, spoken } from "./days.js"
import { facts } from "./facts.js"
import { findingsOf } from "./findings.js"
import { directory, officersOf } from "./people.js"
import { whereOf } from "./where.js"

export const ordered = words => findingsOf(words).filter(each => each.order && each.level === "general")
export const dueOf = (finding, office, on) => finding.deadline || (office.terms ? after(on, office.terms.days) : "")

export async function textOf(words) {
  const office = await facts(), on = await countyToday(), chosen = await whereOf(words), { byId, me } = await directory()
  const named = chosen ? chosen.name : words.place, officers = await officersOf(words), organ = (byId.get(me) || {}).organ || "", { remedy } = office
  const measures = [...new Set(ordered(words).map(each => (each.measures || "").trim().replace(/[。；; ]+$/, "")).filter(Boolean))].join("；")
  return [
    "责令限期整改指令书", "文号：文号待回传", `${named}：`, `${spoken(on)}，本机关对你单位（${named}）进行检查，发现存在下列问题：`,
    ...ordered(words).map((each, at) => `${at + 1}. ${each.description.trim().replace(/[。；;. ]+$/, "")}（整改期限：${spoken(dueOf(each, office, on) || on)}前）。`),
    "现责令你单位对上述问题在各自期限内整改完毕，达到法律、法规、规章和国家标准、行业标准规定的要求；不能保证安全的，整改期间应当停止有关作业、撤出人员。整改完毕后书面报告本机关申请复查；期满未申请的，本机关将在期满之日起十日内复查。",
    measures ? `整改要求：${measures}` : "",
    "本指令依据《中华人民共和国安全生产法》第六十五条第一款作出。逾期不整改或者整改后仍不合格的，将依法处理；由此造成事故的，依法追究有关人员的责任。",
    remedy ? `如不服本指令，可以自收到之日起${remedy.days}日内向${remedy.body}申请行政复议，或者自收到之日起${remedy.months}个月内向有管辖权的人民法院提起行政诉讼。复议、诉讼期间，除法律另有规定外，本指令不停止执行。` : "",
    `执法人员：${officers.map(each => each.name).join("、")}`, organ, spoken(on),
  ].filter(Boolean).join("\n")
}
