// 事故: the telephone is the legal report and stands on top; what is written comes after it, as much as one knows. Later news are reports of their own.
import * as drafts from "../drafts.js"
import * as evidence from "../evidence.js"
import { draw, go } from "../frame.js"
import { button, day, dock, field, hour, html, icon, row, section, top } from "../parts.js"
import { locate, place, placeNote, rest } from "../place.js"
import * as roles from "../roles.js"
import { changedSend } from "../sending.js"
import * as store from "../store.js"
import { picker, refresh, unit } from "../units.js"

const KINDS = [["", "还不清楚"], ["Z1", "生产安全"], ["Z2", "道路交通"], ["Z3", "自建房、窑洞"], ["Z4", "火灾"], ["Z5", "森林草原火"], ["Z6", "燃气"], ["Z7", "烟花爆竹"], ["Z8", "坠落、触电、中毒、淹溺等"]]
const PEOPLE = [["deaths", "死亡"], ["serious_injuries", "重伤"], ["light_injuries", "轻伤"], ["missing", "下落不明"], ["trapped", "被困"]]
const AGO = [[0, "刚才"], [15, "15 分钟前"], [60, "1 小时前"]]
const LEG = { enterprise_officer: "R1", village_officer: "R0" } // others hold an office: R2
const NEW = { occurred_at: "", known_at: "", where: "", unit: null, spot: "", region: "", category: "", people: {}, description: "", measures: "" }
const keyOf = id => (id ? `accident-${id}` : "accident")
async function draftOf(id) {
  const { enterprise } = await store.get("person")
  return (await drafts.existing(keyOf(id))) || drafts.open(keyOf(id), { ...NEW, unit: enterprise || null })
}
const write = async (id, facts) => drafts.write(await draftOf(id), facts)
const local = moment => new Date(moment - new Date(moment).getTimezoneOffset() * 60_000).toISOString().slice(0, 16)

export default {
  route: "accident",
  still: true,
  hears: what => what !== "queue", // what sync brings: lists, units, limits
  async draw(id) {
    const person = await store.get("person"), may = roles.reportsAccidents(person)
    return html`${top("事故", "电话是法定的第一报", "", id ? "accident" : "")}<main class="stack">
      ${await telephones()}${await clock(id, person)}
      ${may ? await (id ? later(id) : first(person)) : ""}</main>
      ${may ? dock(button("save", id ? "续报" : "报上去", { look: "go big", sign: "ok" })) : ""}`
  },
  drawn() { locate(); if (!ticking) ticking = setInterval(tick, 15_000) },
  leave() { rest(); clearInterval(ticking); ticking = 0 },
  taken: (file, id) => shot(file, id),
  deeds: {
    ...evidence.taking(draftOf),
    ago: async (minutes, id) => { await write(id, { occurred_at: new Date(Date.now() - minutes * 60_000).toISOString(), ago: minutes }); draw() },
    unit: async (unit, id) => { await write(id, { unit: unit || null, where: "" }); draw() },
    more: (name, id) => step(name, id, 1),
    less: (name, id) => step(name, id, -1),
    discard: async (of, id) => { await drafts.discard(await draftOf(id)); go(id ? "accident" : "") },
    save: evidence.once((of, id) => (id ? saveLater(id) : saveFirst())),
  },
  async words(name, value, id) {
    if (name === "occurred_at" || name === "known_at") return
    await write(id, { [name === "unit" ? "where" : name]: value })
    if (name === "unit") refresh(value)
  },
  async picked(name, value, id) {
    if (name !== "occurred_at" && name !== "known_at") return
    if (value) await write(id, { [name]: new Date(value).toISOString(), ...(name === "occurred_at" ? { ago: "" } : {}) })
    draw()
  },
}
let ticking = 0

// --- the telephone -------------------------------------------------------------------------------------------------------------------
async function telephones() {
  const [desk, ...others] = await store.list("telephones")
  const call = ({ name, number }, look) => html`<a class="btn ${look}" href="tel:${number}">${icon("call")}<span>${name}<br><b>${number}</b></span></a>`
  return html`<section class="card stack call"><h2>先打电话，再写</h2>
    ${desk && desk.number ? call(desk, "go big") : html`<p>县值班室的电话还没有登记：请拨您知道的值班电话；要救援先拨下面的。</p>`}
    <div class="btns">${(others.length ? others : [{ name: "消防", number: "119" }, { name: "急救", number: "120" }, { name: "公安", number: "110" }]).filter(each => each.number).map(each => call(each, ""))}</div></section>`
}

// --- the clock -------------------------------------------------------------------------------------------------------------------------
// From when one knows of it. What is owed and where it stands comes from the dated files of law, by sync.
async function clock(id, person) {
  const limits = await store.list("report_limits"), leg = limits.find(each => each.code === (LEG[person.role] || "R2"))
  const draft = await drafts.existing(keyOf()), since = id ? ((await reportOf(id)) || {}).known_at : draft && draft.words.saved ? knownAt(draft) : ""
  if (!leg) return ""
  return html`<section class="card stack" data-since="${since}" data-minutes="${leg.minutes || 0}">${since && leg.minutes ? html`<p class="left" role="timer" data-left>${left(since, leg.minutes)}</p>` : ""}<p>${leg.text}。</p><p class="dim">${leg.source}</p></section>`
}
// Nobody knows of it before it is.
const knownAt = ({ words, made_at }) => words.known_at || (words.occurred_at > made_at ? words.occurred_at : made_at)
function left(since, minutes) {
  const until = Date.parse(since) + minutes * 60_000, still = Math.ceil((until - Date.now()) / 60_000)
  return still > 0 ? `还有 ${still} 分钟，${hour(until).slice(0, 5)} 以前` : `过了 ${1 - still} 分钟，马上报`
}
function tick() {
  const place = document.querySelector("[data-left]"), { since, minutes } = place ? place.parentElement.dataset : {}
  if (place) place.textContent = left(since, Number(minutes))
}

// --- the first report ------------------------------------------------------------------------------------------------------------------
async function first(person) {
  const draft = await draftOf(), { words } = draft, photos = await evidence.evidenceOf(draft), chosen = await unit(words.unit), mine = await reports()
  return html`<section class="card stack"><h2>什么时候的事</h2><div class="choice" role="group" aria-label="什么时候的事">${AGO.map(([minutes, said]) => html`<button type="button" data-deed="ago" data-of="${minutes}" aria-pressed="${String(String(words.ago) === String(minutes))}">${said}</button>`)}</div>
      ${field("或写准时间", html`<input type="datetime-local" name="occurred_at" value="${words.occurred_at ? local(Date.parse(words.occurred_at)) : ""}">`)}
      ${roles.ofUnit(person) ? field("单位负责人什么时候知道的（1 小时从这里算）", html`<input type="datetime-local" name="known_at" value="${words.known_at ? local(Date.parse(words.known_at)) : ""}">`) : ""}</section>
    <section class="card stack"><h2>在哪里</h2>${placeNote()}${field("地点", html`<input name="spot" maxlength="200" value="${words.spot}" placeholder="哪个村、哪条路、哪个工作面">`)}
      ${chosen ? html`<p class="chosen"><b>${chosen.name}</b>${chosen.id === person.enterprise ? "" : button("unit", "换", { of: "" })}</p>` : await picker(words.where, { label: "哪家单位（没有就空着）" })}${await towns(person, words)}</section>
    <section class="card stack"><h2>人怎么样</h2>${PEOPLE.map(each => stepper(each, words.people))}<p class="dim">不知道的不用点；0 是“确认没有”。</p></section>
    ${evidence.shots(photos)}<div class="btns">${button("shoot", photos.length ? "再拍一张" : "拍现场", { sign: "cam" })}${evidence.voiceButton()}</div>
    ${field("出了什么事", html`<textarea name="description" rows="3" maxlength="4000">${words.description}</textarea>`)}
    ${field("哪一类", html`<select name="category">${KINDS.map(([code, name]) => html`<option value="${code}"${code === words.category ? html` selected` : ""}>${name}</option>`)}</select>`)}
    ${field("已经采取的措施（可以后补）", html`<textarea name="measures" rows="2" maxlength="4000">${words.measures}</textarea>`)}
    <p class="dim">知道多少写多少，别的以后续报。</p>${drafts.unwanted(draft, "没有这回事，不要了")}
    ${mine.length ? section("我报过的", mine.map(each => row(html`${icon("list")}<div><b>${each.place || "地点待补"}</b><br><small>${day(each.occurred_at)} ${hour(each.occurred_at).slice(0, 5)} · ${each.said}</small></div>`, { href: `accident/${each.id}` })), { aside: "点开续报" }) : ""}`
}
// Whoever has no township of one's own says which, where the place does not say it or says another.
async function towns({ region = "", enterprise }, words) {
  if (region.length >= 9 || enterprise || words.unit) return ""
  const all = (await store.rowsOf("regions")).filter(each => each.level === "township")
  return field(place().point ? "哪个乡镇（不选就按定位）" : "哪个乡镇", html`<select name="region"><option value="">${place().point ? "按定位" : "请选"}</option>${all.map(each => html`<option value="${each.id}"${each.id === words.region ? html` selected` : ""}>${each.name}</option>`)}</select>`)
}
const stepper = ([name, said], people) => html`<div class="stepper"><span>${said}</span>${button("less", "−", { of: name, off: people[name] === undefined, label: `${said}减一` })}<output aria-label="${said}">${people[name] === undefined ? "不清楚" : people[name]}</output>
  ${button("more", "＋", { of: name, label: `${said}加一` })}</div>`
async function step(name, id, by) {
  await write(id, ({ people }) => {
    const now = people[name], next = now === undefined ? (by > 0 ? 1 : 0) : now + by
    return { people: next < 0 ? Object.fromEntries(Object.entries(people).filter(([each]) => each !== name)) : { ...people, [name]: next } }
  })
  draw()
}
async function shot(file, id) { await evidence.take(file, await draftOf(id)); draw() }
const spoken = (words, photos) => words.trim() || (photos.some(evidence.isVoice) ? "见语音，文字待补" : "")

async function saveFirst() {
  const draft = await draftOf(), { words } = draft, photos = await evidence.evidenceOf(draft), person = await store.get("person"), point = place().point || photos.map(each => each.location).find(Boolean) || null
  if (!words.occurred_at) throw new Error("点一下“刚才”，或写上是什么时候的事。")
  if (!point && !words.unit && !words.region && (person.region || "").length < 9) throw new Error("没有定位，请选单位或者乡镇。")
  const chosen = await unit(words.unit), known = knownAt(draft), body = {
    occurred_at: words.occurred_at, location: point, place: words.spot.trim(), ...(words.region && !words.unit ? { region: words.region } : {}), ...(words.category ? { category: words.category } : {}),
    ...(chosen ? { units: [{ enterprise: chosen.id, role: "occurring" }], ...(chosen.sector ? { sector: chosen.sector } : {}) } : {}), ...words.people, description: spoken(words.description, photos), measures: words.measures.trim(),
    ...(roles.ofUnit(person) ? (words.known_at ? { unit_told_at: known } : {}) : { told_at: known }), photos: evidence.declared(photos),
  }
  await drafts.save(draft, { path: `accidents/${draft.id}`, body, title: `事故：${words.spot.trim() || (chosen ? chosen.name : "地点见定位")}` })
  changedSend()
  go(`accident/${draft.id}`)
}

// --- what is heard later -----------------------------------------------------------------------------------------------------------------
async function reports() {
  const [rows, records] = await Promise.all([store.rowsOf("accidents"), store.everything()]), kept = new Set(rows.map(each => each.id))
  const here = records.filter(each => /^accidents\/[^/]+$/.test(each.path || "") && each.state !== "draft").map(each => ({ id: each.id, ...each.body, said: { received: "已收", stopped: "退回，到“队列”看" }[each.state] || "存在这台手机上" }))
  return [...here, ...rows.filter(each => !here.some(own => own.id === each.id)).map(each => ({ ...each, said: `已收（${hour(each.received_at)}）` }))].map(each => ({ ...each, known: kept.has(each.id) }))
    .sort((a, b) => (a.occurred_at < b.occurred_at ? 1 : -1))
}
async function reportOf(id) {
  const found = (await reports()).find(each => each.id === id), record = await store.record(id)
  return found && { ...found, known_at: found.told_at || found.unit_told_at || (record && record.made_at) || found.received_at }
}
async function later(id) {
  const report = await reportOf(id), draft = await draftOf(id), { words } = draft, photos = await evidence.evidenceOf(draft)
  const sent = (await store.everything()).filter(each => each.path === `accidents/${id}/reports` && each.state !== "draft")
  return html`${report ? html`<section class="card stack"><div class="tags"><span class="state ${/^已收/.test(report.said) ? "done" : "here"}">${report.said}</span></div><h2>${report.place || "地点见定位"}</h2>
      <p>${day(report.occurred_at)} ${hour(report.occurred_at).slice(0, 5)}${report.description ? html`<br>${report.description}` : ""}</p></section>` : ""}
    ${sent.length ? section("续报", sent.map(each => row(html`<div><b>${each.title}</b><br><small>${each.state === "received" ? `已收（${hour(each.received_at)}）` : each.why || "存在这台手机上，有信号就送"}</small></div>`))) : ""}
    <section class="card stack"><h2>现在人怎么样</h2>${PEOPLE.map(each => stepper(each, words.people))}<p class="dim">写到现在的总数，不是新增的；没有变化不用点。</p></section>
    ${evidence.shots(photos)}<div class="btns">${button("shoot", photos.length ? "再拍一张" : "拍现场", { sign: "cam" })}${evidence.voiceButton()}</div>
    ${field("新的情况", html`<textarea name="description" rows="3" maxlength="4000">${words.description}</textarea>`)}
    ${field("采取的措施", html`<textarea name="measures" rows="2" maxlength="4000">${words.measures}</textarea>`)}
    ${field("数字比上次少的，写明为什么", html`<input name="reason" maxlength="1000" value="${words.reason}">`)}${drafts.unwanted(draft, "写的不要了")}`
}
async function saveLater(id) {
  const draft = await draftOf(id), { words } = draft, photos = await evidence.evidenceOf(draft), course = spoken(words.description, photos)
  if (!course && !words.measures.trim() && !Object.keys(words.people).length && !photos.length) throw new Error("写几个字、拍一张，或点上人数；没有变化也写一句“没有变化”。")
  const body = { kind: "follow_up", held_at: new Date().toISOString(), ...words.people, note: course, measures: words.measures.trim(), reason: (words.reason || "").trim(), photos: evidence.declared(photos) }
  await drafts.save(draft, { path: `accidents/${id}/reports`, about: `accidents/${id}`, method: "POST", body, title: `事故续报 ${hour(new Date())}` })
  changedSend()
  draw()
}
