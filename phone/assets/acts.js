// The steps of a hazard that are taken on the spot (hazards/states.py): who, from where, what must be said. Which are open now the server says
// (`may`); without a line the state does.
import * as evidence from "./evidence.js"
import * as roles from "./roles.js"

const plan = level => [
  { name: "responsible_person", label: "谁负责改", most: 60, needed: true }, { name: "measures", label: "怎么改", rows: 2, needed: true },
  ...(level === "major" ? [{ name: "funds_yuan", label: "花多少钱（元）", money: true, needed: true }, { name: "emergency_plan", label: "改完之前怎么防", rows: 2, needed: true }] : []),
]
const general = row => row.level !== "major"

export const ACTS = [
  { step: "pass", words: "合格，销号", save: "复查合格，销号", from: ["review_requested"], by: roles.reviews, may: (row, person) => general(row) || (person.is_leader && person.role !== "township_officer"), two: true, photos: "after", fields: () => [{ name: "note", label: "改得怎么样（可以不写）", rows: 2 }] },
  { step: "fail", words: "不合格", save: "不合格，退回再改", from: ["review_requested"], by: roles.reviews, may: () => true, two: true, days: true, fields: () => [{ name: "note", label: "还有什么没改好", rows: 2, needed: true, seen: true }] },
  { step: "pass", words: "改好了，销号", save: "改好了，销号", from: ["rectifying"], by: roles.ofUnit, may: (row, person) => general(row) && row.reported_by === person.id, photos: "after", fields: () => [{ name: "note", label: "怎么改的（可以不写）", rows: 2 }] },
  { step: "request-review", words: "改好了，申请复查", save: "申请复查", from: ["rectifying"], by: roles.ofUnit, may: (row, person) => person.is_principal, photos: "after",
    fields: level => [{ name: "statement", label: "怎么改的", rows: 2, needed: true, seen: true }, { name: "cost_yuan", label: "花了多少钱（元）", money: true, needed: true }, ...(level === "major" ? [{ name: "evaluation_report", label: "评估结论", rows: 3, needed: true }] : [])] },
  { step: "acknowledge", words: "签收，去改", save: "签收整改", from: ["ordered"], by: roles.ofUnit, may: () => true, fields: plan },
  { step: "start", words: "我们来改", save: "开始整改", from: ["reported", "confirmed"], by: roles.ofUnit, may: (row, person) => general(row) && row.reported_by === person.id, fields: plan },
  { step: "close-on-spot", words: "当场改好了", save: "当场改好，销号", from: ["reported", "confirmed"], by: person => roles.reviews(person) || roles.ofUnit(person), may: (row, person) => general(row) && (roles.reviews(person) || row.reported_by === person.id), photos: "after", fields: () => [{ name: "note", label: "怎么改的（可以不写）", rows: 2 }] },
  { step: "acknowledge", words: "替单位签收", save: "替单位签收整改", from: ["ordered"], by: roles.reviews, may: () => false, fields: plan },
  { step: "request-review", words: "替单位申请复查", save: "替单位申请复查", from: ["rectifying"], by: roles.reviews, may: () => false, photos: "after",
    fields: () => [{ name: "statement", label: "怎么改的", rows: 2, needed: true, seen: true }, { name: "cost_yuan", label: "花了多少钱（元）", money: true, needed: true }] },
]

export function open(row, person, told) {
  const sure = told && told.state === row.state ? told.may : null
  return ACTS.filter(each => each.from.includes(row.state) && each.by(person) && (sure ? sure.includes(each.step) : each.may(row, person)))
}

// The body of a step; raises with what is still missing, in words.
export function bodyOf(act, row, words, photos, person) {
  const spoken = photos.some(evidence.isVoice), body = {}
  for (const { name, label, needed, seen, money } of act.fields(row.level)) {
    const said = (words[name] || "").trim() || (seen && spoken ? "见语音，文字待补" : "")
    if (needed && !said) throw new Error(`请写：${label}。`)
    if (said) body[name] = money ? amount(said) : said
  }
  if (act.days) {
    if (!words.deadline) throw new Error("请定一个新期限。")
    body.deadline = words.deadline
  }
  if (act.photos && !photos.some(each => !evidence.isVoice(each))) throw new Error("请拍一张改好以后的。")
  if (act.two && person.role !== "township_officer") {
    if (!words.companions.length) throw new Error("复查要两个人：请选和您一起的人。")
    body.companion = words.companions[0]
  }
  return act.photos || act.two ? { ...body, photos: evidence.declared(photos) } : body
}
function amount(said) {
  const number = Number(said.replace(/[,，元]/g, ""))
  if (!Number.isFinite(number) || number < 0) throw new Error("钱数请写数字，例如 1200 或 0。")
  return number.toFixed(2)
}
