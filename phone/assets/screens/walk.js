// 走小店: one start, shop by shop, one save. Each shop is a visit of its own, with its own times.
import { companions, last, refresh as refreshPeople, remember, toggled } from "../companions.js"
import * as drafts from "../drafts.js"
import * as evidence from "../evidence.js"
import * as findings from "../findings.js"
import { draw, go, shoot } from "../frame.js"
import { history } from "../history.js"
import { newId } from "../outbox.js"
import { button, day, dock, due, field, hour, html, icon, level, row, section, top } from "../parts.js"
import { locate, place, placeNote, rest } from "../place.js"
import { AUTHORITIES, authorities } from "../roles.js"
import { changedSend } from "../sending.js"
import * as store from "../store.js"
import { picker, refresh, unit } from "../units.js"

const KEY = "walk", GENERAL = "general", SHOWN = 3
const begin = async () => ({ begun: "", who: "", at: "", shops: [], findings: [], companions: await last(), ...(await store.get("walk-last")) })
const draftNow = async () => (await drafts.existing(KEY)) || drafts.open(KEY, await begin())
const write = async facts => drafts.write(await draftNow(), facts)
const fresh = () => ({ id: newId(), unit: null, where: "", point: null, started: new Date().toISOString(), finished: "" })
const now = ({ shops, at }) => shops.find(each => each.id === at)
const change = facts => write(words => ({ shops: words.shops.map(each => (each.id === words.at ? { ...each, started: startOf(words, each), ...facts(each) } : each)) }))
// A shop begins where the one before ended; after a pause, when it is first touched.
const PAUSE = 30 * 60_000
const startOf = (words, shop) => (!shop.unit && !shop.where && !shop.point && !wrongOf(words, shop).length && Date.now() - Date.parse(shop.started) > PAUSE ? new Date().toISOString() : shop.started)
const wrongOf = (words, shop) => words.findings.filter(each => each.of === shop.id)
const done = words => words.shops.filter(each => each.finished)
const nameOf = (shop, chosen) => (chosen ? chosen.name : shop.where.trim() || "没写店名")

export default {
  route: "walk",
  still: true,
  hears: what => what !== "queue", // what sync brings: lists, units, limits
  async draw() {
    const draft = await draftNow()
    return draft.words.begun ? shopPage(draft) : startPage(draft.words)
  },
  drawn: locate,
  leave: rest,
  taken: sign,
  deeds: {
    ...findings.deedsOf(draftNow),
    companion: async id => { await write(words => ({ companions: toggled(words.companions, id), who: "" })); draw() },
    begin: start,
    shoot: () => shoot(sign),
    async unit(id) { await change(shop => ({ unit: id || null, where: "", point: shop.point || place().point || null })); draw() },
    named: async name => { await change(() => ({ where: name, unit: null })); draw() },
    async wrong() { await change(() => ({})); await write(words => ({ findings: [...words.findings, findings.finding({ of: words.at })] })); draw() },
    next: () => conclude(),
    open: async id => { await write({ at: id }); scrollTo(0, 0); draw() },
    forget,
    discard: async () => { await drafts.discard(await draftNow()); go("") },
    save: evidence.once(save),
  },
  async words(name, value) {
    if (await findings.wrote(draftNow, name, value)) return
    if (name === "who") { await write({ who: value }); return refreshPeople((await draftNow()).words.companions, value) }
    if (name !== "unit") return
    await change(() => ({ where: value }))
    refresh(value)
  },
  async picked(name, value) { if (name === "code" || name === "authority") await write({ [name]: value }) },
}

// --- one start ---------------------------------------------------------------------------------------------------------------------
async function startPage(words) {
  const person = await store.get("person"), lists = await listsOf(person), names = authorities(person, await store.get("me")), chosen = chosenOf(lists, words.code)
  return html`${top("走小店", "一次开始，一家接一家，最后一次保存")}<main class="stack">
    <section class="card stack">${field("用哪张检查表", html`<select name="code">${lists.map(each => html`<option value="${each.code}"${each === chosen ? html` selected` : ""}>${each.title}</option>`)}</select>`)}
    ${names.length > 1 ? field("以什么名义", html`<select name="authority">${names.map(each => html`<option value="${each}"${each === nameOfVisit(names, words.authority) ? html` selected` : ""}>${AUTHORITIES[each] || each}</option>`)}</select>`) : ""}</section>
    <section class="card stack">${await companions(words.companions, words.who)}</section>
    <p class="dim">这些记住了，下次直接开始。</p></main>
    ${dock(button("begin", "开始走", { look: "go big", sign: "shops" }))}`
}
const nameOfVisit = (names, asked) => [asked, "patrol", names[0]].find(each => names.includes(each)) || "patrol"
// A department's own list is of its sector (`sector.department`); the general one of none.
const sectorOf = code => code.split(".")[0]
const listsOf = async ({ sectors = [] }) => (await store.list("checklists")).filter(each => each.code === GENERAL || !sectors.length || sectors.includes(sectorOf(each.code)))
const chosenOf = (lists, code) => lists.find(each => each.code === code) || lists.find(each => each.code === GENERAL) || lists[0]

async function start() {
  const { words } = await draftNow(), person = await store.get("person"), names = authorities(person, await store.get("me")), shop = fresh(), list = chosenOf(await listsOf(person), words.code)
  const authority = nameOfVisit(names, words.authority), code = list ? list.code : ""
  await store.keep("walk-last", { code, authority })
  await remember(words.companions)
  await write({ code, version: list ? list.version : "", authority, begun: shop.started, shops: [shop], at: shop.id })
  draw()
}

// --- shop by shop --------------------------------------------------------------------------------------------------------------------
async function shopPage(draft) {
  const { words } = draft, shop = now(words), photos = await evidence.evidenceOf(draft), chosen = await unit(shop.unit), wrong = wrongOf(words, shop)
  const number = words.shops.indexOf(shop) + 1, behind = done(words), known = await history({ ...shop, point: shop.point || place().point })
  return html`${top(`第 ${number} 家`, html`${behind.length ? `走完 ${behind.length} 家，` : ""}${drafts.savedNote(words, "拍一张就存在本机")}`)}
    <main class="stack">
    ${evidence.shots(photos.filter(each => each.of === shop.id))}${photos.some(each => each.of === shop.id) ? button("shoot", "再拍一张", { sign: "cam" }) : signShutter()}
    ${chosen ? html`<p class="card chosen"><b>${chosen.name}</b>${button("unit", "换", { of: "" })}</p>` : html`${known.names.length ? html`<div class="btns">${known.names.map(each => button("named", each, { of: each, sign: "pin" }))}</div>` : ""}
      ${await picker(shop.where, { label: "哪一家（没有登记的，写店名）", placeholder: "店名、拼音首字母、信用代码" })}`}
    ${shop.point || chosen ? "" : placeNote()}
    ${past(known, chosen)}
    ${wrong.map((each, at) => findings.card(each, photos, at))}
    ${behind.length ? section(`走完 ${behind.length} 家`, await Promise.all(behind.map(async each => summary(each, await unit(each.unit), wrongOf(words, each).length))), { aside: "点一家可以改" }) : ""}
    ${shop.finished || photos.length || shop.where || chosen ? button("forget", "去掉这一家", { look: "bare", sign: "x", sure: "删掉，找不回来" }) : ""}${drafts.unwanted(draft, "这一趟不要了")}</main>
    ${dock(behind.length ? button("save", `保存 ${behind.length} 家`, { look: "tall", sign: "down" }) : "", button("wrong", wrong.length ? "再记一处" : "有问题", { look: "tall", sign: "warn" }),
      button("next", wrong.length ? "记下，下一家" : "都合格，下一家", { look: "go tall wide", sign: "ok" }))}`
}
const signShutter = () => html`<button type="button" class="btn go shutter low" data-deed="shoot" data-of="">${icon("cam")}拍招牌</button>`
async function sign(file) {
  const draft = await draftNow(), shop = now(draft.words)
  if (!shop) return
  const { location } = await evidence.take(file, draft, shop.id)
  await change(each => ({ point: each.point || location }))
  draw()
}

function past({ visits, open }, chosen) {
  if (!visits.length && !open.length) return chosen ? html`<p class="dim">${chosen.last_visit_on ? `上次检查 ${chosen.last_visit_on}` : "还没有检查过"}，没有没销号的隐患。</p>` : ""
  return section("这里从前", [
    ...open.slice(0, SHOWN).map(each => row(html`<div><div class="tags">${level(each.level)}${due(each.due_on)}</div>${each.description}</div>`, { href: `review/${each.id}` })),
    ...visits.slice(0, SHOWN).map(each => row(html`<div>${each.on} 我来过${each.name ? html`，${each.name}` : ""}：${each.found ? `${each.found} 处有问题` : "都合格"}</div>`)),
  ], { aside: open.length ? `${open.length} 条没销号` : "" })
}
const summary = (shop, chosen, wrong) => html`<button type="button" class="row" data-deed="open" data-of="${shop.id}">${icon(wrong ? "warn" : "ok")}<div><b>${nameOf(shop, chosen)}</b><br>
  <small>${wrong ? `${wrong} 处有问题` : "都合格"} · ${hour(shop.started).slice(0, 5)}–${hour(shop.finished).slice(0, 5)}</small></div></button>`

// --- what was seen ---------------------------------------------------------------------------------------------------------------------
async function conclude() {
  const draft = await draftNow(), { words } = draft, shop = now(words), photos = await evidence.evidenceOf(draft), point = shop.point || place().point || null
  if (!shop.unit && !shop.where.trim() && !photos.some(each => each.of === shop.id)) throw new Error("这是哪一家？拍招牌、点名字或写店名都行。")
  if (!shop.unit && !shop.where.trim() && !point) throw new Error("没有定位，请写上店名。")
  if (wrongOf(words, shop).some(each => !findings.saysSomething(each, photos))) throw new Error("有问题的地方拍一张，或写几个字；没有问题就去掉它。")
  const finished = shop.finished || new Date().toISOString(), empty = words.shops.find(each => !each.finished && each.id !== shop.id), following = empty || { ...fresh(), started: finished }
  await write(all => ({ shops: [...all.shops.map(each => (each.id === shop.id ? { ...each, point, finished } : each)), ...(empty ? [] : [following])], at: following.id }))
  scrollTo(0, 0)
  draw()
}

async function forget() {
  const draft = await draftNow(), { words } = draft, shop = now(words), wrong = wrongOf(words, shop).map(each => each.id)
  for (const photo of await evidence.evidenceOf(draft)) if (photo.of === shop.id || wrong.includes(photo.of)) await evidence.remove(photo.id, draft)
  const left = words.shops.filter(each => each.id !== shop.id), following = left.find(each => !each.finished) || fresh()
  await write(all => ({ findings: all.findings.filter(each => each.of !== shop.id), shops: left.includes(following) ? left : [...left, following], at: following.id }))
  draw()
}

// --- one save ----------------------------------------------------------------------------------------------------------------------------
async function save() {
  const draft = await draftNow(), { words } = draft, photos = await evidence.evidenceOf(draft), open = now(words)
  const begun = open && !open.finished && (open.unit || open.where.trim() || wrongOf(words, open).length || photos.some(each => each.of === open.id))
  if (begun) throw new Error("这一家还没有说完：“都合格”“记下”，或去掉这一家。")
  const person = await store.get("person"), entries = await Promise.all(done(words).map(async shop => entry(words, shop, await unit(shop.unit), photos, person)))
  await drafts.saveAll(draft, entries)
  changedSend()
  go("")
}

function entry(words, shop, chosen, photos, { region = "", sectors = [] }) {
  const wrong = wrongOf(words, shop), own = photos.filter(each => each.of === shop.id || wrong.some(found => found.id === each.of)), name = nameOf(shop, chosen)
  const body = {
    sector: chosen ? chosen.sector : words.code && words.code !== GENERAL ? sectorOf(words.code) : sectors[0] || "other", kind: "routine", authority: words.authority, started_at: shop.started, finished_at: shop.finished, location: shop.point,
    ...(chosen ? { enterprise: chosen.id } : { place: shop.where.trim() || "见定位", ...(region.length === 12 ? { region } : {}) }), companions: words.companions,
    ...(words.code ? { checklist: { code: words.code, version: words.version }, unanswered: "pass" } : {}),
    hazards: wrong.map(each => ({ id: each.id, level: each.level, description: findings.described(each, photos), location: findings.photosOf(each, photos).map(photo => photo.location).find(Boolean) || shop.point, photos: findings.photosOf(each, photos).map(photo => photo.id) })),
    photos: evidence.declared(own),
  }
  return { id: shop.id, path: `inspections/${shop.id}`, body, title: `走小店：${name}，${wrong.length ? `${wrong.length} 处有问题` : "都合格"}（${day(shop.started)}）` }
}
