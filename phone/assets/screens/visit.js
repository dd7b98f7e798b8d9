// 检查: the unit, its list, and only what is wrong is written. Each step goes to the disk as it is made.
import * as codes from "../codes.js"
import * as drafts from "../drafts.js"
import * as evidence from "../evidence.js"
import { draw, fault, go, shoot, wrong } from "../frame.js"
import { ask } from "../line.js"
import { button, html, link, note, top } from "../parts.js"
import { locate, place, rest } from "../place.js"
import { changedSend } from "../sending.js"
import * as store from "../store.js"
import { creditCodeIn, ofCode, refresh, unitOrSite } from "../units.js"
import { bodyOf, lacking } from "../visit/body.js"
import { listOf } from "../visit/checklists.js"
import { arriving, leaving, ofLocal } from "../visit/course.js"
import { countyToday } from "../visit/days.js"
import { current, inside, personOf, remember, write } from "../visit/draft.js"
import { facts, fetchYear, yearOf } from "../visit/facts.js"
import { others, placed } from "../visit/faults.js"
import { begun, changed, ofItem } from "../visit/findings.js"
import { beside, checklist, counted, narrow } from "../visit/list.js"
import { ordered, textOf } from "../visit/order.js"
import { mayOrder } from "../visit/people.js"
import * as signing from "../visit/signing.js"
import { choosing, known, reviews, whom } from "../visit/unit.js"
import { isSite, sectorOf, whereOf } from "../visit/where.js"

const put = async (id, words) => { await write(id, words); draw() }
let sure = false

export default {
  route: "visit",
  still: true,
  hears: what => (what === "rows" || what === "office") && !document.querySelector(".pad, .scanner"),
  async draw(id) {
    const draft = await current(id), { words } = draft, office = await facts(), [what, which] = words.open.split("/")
    if (what === "sign") return signing.signing(words, which, which === "order" ? await textOf(words) : "", fault())
    const chosen = await whereOf(words)
    if (!chosen && !(words.elsewhere && words.region && words.sector && words.place.trim() && what !== "where")) return first(draft, office)
    return whole(draft, chosen, office)
  },
  async drawn(id) {
    locate()
    const { words } = await current(id).catch(() => ({ words: { open: "" } })), [what, which] = words.open.split("/"), video = document.querySelector(".scanner video")
    if (what === "sign") await signing.attach(which)
    if (video && !video.srcObject) codes.watch(video, text => scanned(id, text)).catch(async error => { await write(id, { open: "" }); wrong(error.message) })
  },
  leave() { rest(); codes.stop(); sure = false },
  taken: async (file, id) => { await evidence.take(file, await current(id)); draw() },
  deeds: {
    // the unit
    async unit(of, id) { await choose(id, of) },
    async elsewhere(of, id) { await put(id, { elsewhere: Boolean(of), open: of ? "where" : "", unit: null }) },
    async there(_, id) { const why = await lacking((await current(id)).words); if (why) throw new Error(why); await put(id, { open: "" }) },
    async scan(of, id) { await put(id, { open: "scan" }) },
    async stop(_, id) { codes.stop(); await put(id, { open: "" }) },
    picture: (_, id) => shoot(async file => scanned(id, await codes.ofPicture(file))),
    async along(person, id) { await put(id, now => ({ companions: now.companions.includes(person) ? now.companions.filter(each => each !== person) : [...now.companions, person], whom: "" })) },
    // the list
    async item(code, id) { await put(id, now => ({ open: now.open === `item/${code}` ? "" : `item/${code}` })) },
    answer,
    async unanswered(of, id) { await put(id, { unanswered: of }) },
    async more(item, id) { await put(id, now => ({ findings: [...now.findings, begun(item)] })) },
    async drop(finding, id) {
      for (const each of await evidence.evidenceOf(await current(id), finding)) await evidence.remove(each.id, await current(id))
      await put(id, now => ({ findings: now.findings.filter(each => each.id !== finding) }))
    },
    async level(of, id) { const [finding, value] = of.split(" "); await put(id, changed(finding, { level: value, ...(value === "major" ? { order: false } : {}) })) },
    fix,
    async criterion(of, id) { const [finding, code, ...words] = of.split(" "); await put(id, changed(finding, { criterion: code, criterion_words: words.join(" ") })) },
    async review(of, id) { const [hazard, result] = of.split(" "); await put(id, now => { const { [hazard]: before, ...rest } = now.reviews; return { reviews: before && before.result === result ? rest : { ...now.reviews, [hazard]: { note: "", ...before, result } } } }) },
    // photos and voice, of a finding, a review, or the whole
    shoot: (of, id) => shoot(async file => { await evidence.take(file, await current(id), of); draw() }),
    album: (of, id) => shoot(async file => { await evidence.take(file, await current(id), of); draw() }, { many: true, from: "album" }),
    off: async (photo, id) => { await evidence.remove(photo, await current(id)); draw() },
    voice: async (of, id) => { await evidence.speak(await current(id), of); draw() },
    // the course
    async fold(of, id) { await put(id, now => ({ open: now.open === of ? "" : of })) },
    async undo(of, id) { await put(id, now => { const { [of]: gone, ...rest } = now.course; return { course: rest } }) },
    async approved(person, id) { const draft = await current(id); await put(id, inside("course", { approval: { approver: person, at: draft.words.started_at } })) },
    async urgent(_, id) { await put(id, inside("course", now => ({ approval: now.approval && now.approval.urgent ? { ...now.approval, urgent: false } : { ...now.approval, urgent: true, reported_at: new Date().toISOString() } }))) },
    async shown(_, id) { await put(id, inside("course", now => ({ certificates_shown: !now.certificates_shown }))) },
    async handed(of, id) { await put(id, inside("course", { [of]: { at: new Date().toISOString() } })) },
    // the signature
    async sign(of, id) { await put(id, now => ({ open: `sign/${of}`, ...(of === "order" && !now.order_at ? { order_at: new Date().toISOString() } : {}) })); scrollTo(0, 0) },
    wipe: () => signing.wipe(),
    signed,
    refuse,
    // the end
    save: evidence.once(save),
    ask: () => { sure = true; draw() },
    stay: () => { sure = false; draw() },
    async discard(_, id) { const draft = await current(id); sure = false; await drafts.discard(draft); go("") },
  },
  words: written,
  picked,
}

// --- drawn -----------------------------------------------------------------------------------------------------------------------
const sayings = (...some) => { const all = some.filter(Boolean); return all.length ? note(html`${all.map(each => html`<p>${each}</p>`)}`, { look: "stop" }) : "" }

async function first(draft, office) {
  const { words } = draft
  return html`${top("检查：哪一家", "全县名单在本机，没有信号也能找")}<main class="stack">${await choosing(words, office)}
    ${link("visited", "以前的检查、更正", { sign: "list" })}${drafts.unwanted(draft, "这次检查不要了")}</main><div class="foot">${sayings(fault())}${words.elsewhere ? html`<nav class="dock">${button("there", "就查这里", { look: "go big", sign: "ok" })}</nav>` : ""}</div>`
}

async function whole(draft, chosen, office) {
  const { words } = draft, sector = sectorOf(words, chosen), list = await listOf(words, sector), faults = placed(draft), on = await countyToday()
  const photos = await evidence.evidenceOf(draft), why = await mayOrder(words), year = chosen && !isSite(chosen) ? await yearOf(chosen, office) : null
  const shots = of => html`${evidence.shots(photos.filter(each => each.of === of))}<div class="btns taking">${button("shoot", "拍照", { of, sign: "cam" })}${button("album", "相册", { of, sign: "down" })}${evidence.voiceButton(of)}</div>`
  const context = { shots, why, office, on, faults, known: new Set(list.items.map(each => each.code)) }, sum = counted(list, words), orders = ordered(words)
  return html`${top(chosen ? chosen.name : words.place, html`${drafts.savedNote(words, "写一步存一步")}，${place().point ? `±${place().point.accuracy_m} 米` : place().said}`)}
    <main class="stack">${sayings(...others(faults), faults.length ? "下面标出的地方改好，再保存。" : "")}
      ${chosen ? await known(chosen, words, year) : html`<section class="card chosen"><b>${words.place}</b>${button("elsewhere", "改", { of: "1" })}</section>`}
      ${await arriving(words, office)}${await reviews(words, shots)}${await checklist(list, words, context)}${await beside(words, context)}
      ${orders.length ? onTheSpot(words, orders, why) : ""}
      ${leaving(words)}<section class="card stack"><h2>整体的照片</h2>${shots("")}</section>
      ${sure ? html`<div class="btns">${button("discard", "删掉这次检查")}${button("stay", "不删", { look: "go" })}</div>` : button("ask", "不要这次检查了", { look: "bare" })}</main>
    <div class="foot">${sayings(fault())}<nav class="dock"><div class="sum" role="status">${list.chosen ? html`<span><b>${sum.pass}</b> 合格</span> <span><b>${sum.fail}</b> 不合格</span> <span><b>${sum.not_applicable}</b> 不涉及</span>${sum.beside ? html` <span><b>${sum.beside}</b> 表外</span>` : ""}` : html`<b>${sum.beside}</b> 条问题`}</div>${button("save", "保存", { look: "go big", sign: "ok" })}</nav></div>`
}

// A condition is said before the button is pressed: what was asked for on the spot and cannot be stays a report.
const onTheSpot = (words, orders, why) => html`<section class="card stack"><div class="tags"><h2 class="grow">当场责令 ${orders.length} 条</h2><span class="state here">文号待回传</span></div>
  <p>一份《责令限期整改指令书》，保存后由服务器编号。${why ? html`<br><b>${why}</b>` : ""}</p>
  ${words.signed.order ? note(`${words.signed.order[0].name} 已签字`, { look: "ok" }) : words.refused.order ? note(`${words.refused.order.name || "对方"} 拒签：${words.refused.order.reason}`) : ""}
  ${button("sign", words.signed.order || words.refused.order ? "看全文、重签" : "看全文，请对方签字", { of: "order", sign: "pen", look: words.signed.order || words.refused.order ? "" : "go" })}</section>`

// --- the unit --------------------------------------------------------------------------------------------------------------------
async function choose(id, unit) {
  const { words } = await current(id), chosen = await unitOrSite(unit)
  await put(id, { unit: unit || null, known: chosen, where: "", elsewhere: false, open: "", sector: chosen ? chosen.sector : "", checklist: "", ...(chosen ? { who: await personOf(unit) } : {}), ...(unit && words.unit === unit ? {} : { reviews: {} }) })
  if (chosen && !isSite(chosen) && (await fetchYear(chosen))) draw()
}

// A code was read: it chooses the unit, and is the scan of the course at once.
async function scanned(id, text) {
  const { words } = await current(id), whose = await ofCode(text), scan = { code: text.slice(0, 2000), at: new Date().toISOString() }
  if (words.unit) return put(id, now => ({ open: "", course: { ...now.course, scan } }))
  if (!whose) {
    await write(id, { open: "", where: creditCodeIn(text) })
    return wrong(creditCodeIn(text) ? `信用代码 ${creditCodeIn(text)} 不在您的名单里。按名称找，或写地点。` : `码里没有信用代码，认不出是哪一家：${text.slice(0, 60)}`)
  }
  await write(id, inside("course", { scan }))
  await choose(id, whose.id)
}

// --- the list --------------------------------------------------------------------------------------------------------------------
async function answer(result, id) {
  await put(id, now => {
    const item = now.open.replace("item/", ""), findings = result === "fail" && !ofItem(now, item).length ? [...now.findings, begun(item)] : now.findings
    return { items: { ...now.items, [item]: { result } }, findings, open: result === "fail" ? now.open : "" }
  })
}
async function fix(of, id) {
  const [finding, value] = of.split(" "), why = value === "order" ? await mayOrder((await current(id)).words) : ""
  if (why) throw new Error(why)
  await put(id, changed(finding, { order: value === "order" }))
}

// --- written ---------------------------------------------------------------------------------------------------------------------
const FINDING = new Set(["description", "measures", "deadline", "clause"])
async function written(name, value, id) {
  const [what, of] = name.split(":"), [part, key] = name.split(".")
  if (of && what === "review") return write(id, inside("reviews", now => ({ [of]: { ...now[of], note: value } })))
  if (of && what === "criterion") { await write(id, changed(of, { criterion_words: value, criterion: "" })); return criteria(of, value, id) }
  if (of && FINDING.has(what)) return write(id, changed(of, { [what]: value }))
  if (key && (part === "who" || part === "source")) return write(id, inside(part, { [key]: value }))
  if (name === "unit") { await write(id, { where: value }); return refresh(value, { withSites: true }) }
  if (name === "find") { await write(id, { find: value }); return narrow(value) }
  if (name === "exempt") return write(id, inside("course", value.trim() ? { scan: { code: "", at: new Date().toISOString(), exempt_reason: value } } : { scan: undefined }))
  if (name === "whom") { await write(id, { whom: value }); return whom((await current(id)).words) }
  if (["place", "refusing", "witnesses", "experts"].includes(name)) return write(id, { [name]: value })
}
async function picked(name, value, id) {
  const [what, of] = name.split(":"), [part, key] = name.split(".")
  if (of && what === "deadline") return put(id, changed(of, { deadline: value }))
  if (part === "source" && key === "kind") return put(id, inside("source", { kind: value }))
  if (name === "approver") return put(id, inside("course", now => ({ approval: value ? { at: null, ...now.approval, approver: value } : undefined })))
  if (name === "approval.at") return put(id, inside("course", now => ({ approval: { ...now.approval, at: ofLocal(value) } })))
  if (["authority", "kind", "type", "region", "sector", "checklist"].includes(name)) return put(id, { [name]: value })
}

// Which text makes it major: asked of the server while one writes; without a line it may be left.
let asking = 0
const SHOWN = 6
async function criteria(finding, words, id) {
  const mine = ++asking, list = document.querySelector(`[data-criteria="${finding}"]`), { words: visit } = await current(id)
  if (!list || words.trim().length < 2) return
  await new Promise(done => setTimeout(done, 400))
  if (mine !== asking) return
  const query = new URLSearchParams({ q: words.trim(), sector: sectorOf(visit, await whereOf(visit)) })
  const found = await ask("GET", `reference/criteria?${query}`, { seconds: 15 }).then(answer => answer.told.results.filter(each => !each.topic).slice(0, SHOWN), () => null)
  if (mine !== asking) return
  list.innerHTML = String(found === null ? html`<li class="dim">没有信号，依据可以以后由办公室补。</li>` : html`${found.map(each => html`<li><button type="button" class="row" data-deed="criterion" data-of="${finding} ${each.code} ${each.label.slice(0, 40)}"><div>${each.label}<br><small>${each.cited}</small></div></button></li>`)}`)
}

// --- signed, refused, saved --------------------------------------------------------------------------------------------------------
async function signed(of, id) {
  const { words } = await current(id), name = words.who.name.trim(), now = new Date().toISOString()
  if (!name) throw new Error("请写上签字人的姓名。")
  const signature = { party: "unit", name, post: words.who.post.trim(), signed_at: now, image: signing.image() }
  await put(id, before => { const { [of]: gone, ...refused } = before.refused; return { open: "", signed: { ...before.signed, [of]: [signature] }, refused, ...stepOf(of, before, now) } })
  signing.wipe() // only now: it is on the disk
}
async function refuse(of, id) {
  const { words } = await current(id), name = words.who.name.trim(), reason = (words.refusing || "").trim(), now = new Date().toISOString()
  if (!name || !reason) throw new Error("请写上对方姓名和拒签的理由。")
  const witnesses = (words.witnesses || "").split(/[、，,;；\s]+/).filter(Boolean).slice(0, 10)
  await put(id, before => { const { [of]: gone, ...signed } = before.signed; return { open: "", refusing: "", refused: { ...before.refused, [of]: { name, post: words.who.post.trim(), reason, witnesses, refused_at: now } }, signed, ...stepOf(of, before, now) } })
}
const stepOf = (of, before, at) => (of === "order" ? {} : { course: { ...before.course, [of]: before.course[of] || { at } } })

async function save(_, id) {
  const draft = await current(id), { words } = draft, why = await lacking(words), chosen = await whereOf(words), { id: me } = (await store.get("person")) || {}
  if (why) throw new Error(why)
  const body = await bodyOf(draft, place().point || null), path = `inspections/${draft.id}`
  const unused = (await evidence.evidenceOf(draft)).filter(each => !body.photos.some(photo => photo.id === each.id))
  await remember(draft, me)
  await drafts.save(draft, { path, body, title: `检查：${chosen ? chosen.name : words.place.trim()}` })
  for (const each of unused) await store.dropPhoto(each.id)
  changedSend()
  go(`visited/${draft.id}`)
}
