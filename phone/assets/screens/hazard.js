// 拍隐患: the shutter, the place, 保存. Everything else may come later.
import * as drafts from "../drafts.js"
import * as evidence from "../evidence.js"
import { draw, go } from "../frame.js"
import { button, choice, dock, field, html, level, top } from "../parts.js"
import { locate, place, placeNote, rest } from "../place.js"
import { changedSend } from "../sending.js"
import * as store from "../store.js"
import { picker, refresh, unit } from "../units.js"

const KEY = "hazard", NEW = { level: "general", where: "", unit: null, description: "", open: false }
// What a unit finds is found at the unit.
const draftNow = async () => (await drafts.existing(KEY)) || drafts.open(KEY, { ...NEW, unit: (await store.get("person")).enterprise || null })
const write = async facts => drafts.write(await draftNow(), facts)

export default {
  route: "hazard",
  still: true,
  async draw() {
    const draft = await draftNow(), photos = await evidence.evidenceOf(draft), { words } = draft, chosen = await unit(words.unit), { enterprise: own } = await store.get("person")
    return html`${top("拍隐患", drafts.savedNote(words, "拍一张就存在本机"))}
      <main class="stack">
        ${evidence.shots(photos)}${evidence.shutter(photos.some(each => !evidence.isVoice(each)))}
        <div class="btns">${evidence.voiceButton()}${button("album", "从相册选", { sign: "down" })}</div>
        ${placeNote()}
        ${chosen ? html`<p class="card chosen"><b>${chosen.name}</b>${chosen.id === own ? "" : button("unit", "换", { of: "" })}</p>`
          : html`${await picker(words.where, { label: "哪里、哪家（可以后补）" })}`}
        ${choice("level", "大小", words.level, ["general", "major"].map(each => [each, level(each)]))}
        ${field("什么不对（可以后补）", html`<textarea name="description" rows="3" maxlength="2000">${words.description}</textarea>`)}
        ${drafts.unwanted(draft, "这一条不要了")}</main>
      ${dock(button("save", "保存", { look: "go big", sign: "ok", off: !(photos.length || words.description.trim()) }))}`
  },
  drawn: locate,
  leave: rest,
  taken: async file => { await evidence.take(file, await draftNow()); draw() },
  deeds: {
    ...evidence.taking(draftNow),
    level: async value => { await write({ level: value }); draw() },
    unit: async id => { await write({ unit: id || null, where: "" }); draw() },
    discard: async () => { await drafts.discard(await draftNow()); go("") },
    save: evidence.once(save),
  },
  async words(name, value) {
    await write({ [name === "unit" ? "where" : name]: value })
    if (name === "unit") return refresh(value)
    const save = document.querySelector("[data-deed=save]"), { photos } = await draftNow()
    save.disabled = !(photos.length || value.trim()) // not drawn anew: a pinyin keyboard would lose what is being composed
  },
}

async function save() {
  const draft = await draftNow(), photos = await evidence.evidenceOf(draft), { unit: id, where, level: size, description } = draft.words, chosen = await unit(id)
  const { region = "" } = (await store.get("person")) || {}, point = place().point || null
  const body = {
    description: description.trim() || (photos.some(evidence.isVoice) ? "见语音和照片，文字待补" : "见照片，说明待补"), level: size, found_at: draft.made_at,
    ...(chosen ? { enterprise: chosen.id } : { place: where.trim() || (point ? "见定位" : "地点待补"), sector: "other", ...(region.length === 12 ? { region } : {}) }),
    location: point, photos: evidence.declared(photos),
  }
  await drafts.save(draft, { path: `hazards/${draft.id}`, body, title: `拍隐患：${chosen ? chosen.name : where.trim() || "地点见定位"}` })
  changedSend()
  go("")
}
