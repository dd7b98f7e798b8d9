// What is shown. Pure: facts in, HTML out; every word from outside goes through `text`.
export const text = words => String(words ?? "").replace(/[&<>"']/g, sign => `&#${sign.charCodeAt(0)};`)
export const icon = name => `<svg class="icon" aria-hidden="true"><use href="#${name}"/></svg>`
const hour = moment => new Date(moment).toLocaleTimeString("zh-CN", { hour12: false, timeZone: "Asia/Shanghai" })
const day = moment => new Date(moment).toLocaleDateString("zh-CN", { timeZone: "Asia/Shanghai" })

const top = (title, note, more = "") =>
  `<header class="top"><a class="btn bare" href="#/" aria-label="返回">${icon("back")}</a><div><h1>${text(title)}</h1><small>${text(note)}</small></div>${more}</header>`

export function trip({ here, sending, received, stopped }) {
  return `<ol class="trip" aria-label="本机 ${here}，发送中 ${sending}，已收 ${received}"><li><b>${here + stopped}</b>本机</li>
    <li class="${sending ? "moving" : ""}"><b>${sending}</b>发送中</li><li class="full"><b>${received}</b>已收</li></ol>`
}

export const counts = records => {
  const of = state => records.filter(each => each.state === state).length
  return { here: of("here"), sending: of("sending"), received: of("received"), stopped: of("stopped") }
}

const banner = line => (line ? `<div class="note" role="status">${icon("warn")}<div>${text(line)}</div></div>` : "")

export function home({ person, records, tasks, hazards, line, units }) {
  const told = counts(records), waiting = told.here + told.sending + told.stopped
  return `<header class="top"><div><b>${text(person?.name || "安全检查")}</b><br><small>${text(line || "有信号")}</small></div>
    <a class="btn" href="#/accident">${icon("call")}事故</a></header>
  <main class="stack">
    <a class="card" href="#/queue" aria-label="队列">${trip(told)}</a>
    ${told.stopped ? `<a class="note stop" href="#/queue">${icon("warn")}<div><b>${told.stopped} 条要您看</b><br>内容都在，没有丢。</div></a>` : ""}
    ${waiting > 3 ? `<div class="note stop">${icon("warn")}<div><b>${waiting} 条未上传</b>，先别清理手机。</div></div>` : ""}
    <section class="card rows"><header><h1>要做的 ${tasks.length} 件</h1><small>${units} 家单位在本机</small></header>
      ${tasks.length ? `<ul>${tasks.map(task).join("")}</ul>` : `<p class="empty">现在没有交给您的检查。<br>随手看到隐患，点下面的“拍隐患”。</p>`}</section>
    ${hazards.length ? `<section class="card rows"><header><h2>没销号的隐患 ${hazards.length} 条</h2></header><ul>${hazards.slice(0, 20).map(open).join("")}</ul></section>` : ""}
  </main>
  <nav class="dock" aria-label="要做什么"><a class="btn go big" href="#/hazard">${icon("cam")}拍隐患</a></nav>`
}

const late = due => due && due < new Date().toLocaleDateString("sv", { timeZone: "Asia/Shanghai" })
const task = each => `<li class="row">${icon("list")}<div><div class="tags"><span class="state ${late(each.due_on) ? "late" : ""}">${late(each.due_on) ? "逾期" : "最迟"} ${text(each.due_on)}</span></div>
  <b>${text(each.name)}</b><br><small>${text(each.note)}</small></div></li>`
const level = each => `<span class="level ${each === "major" ? "major" : "general"}">${each === "major" ? "重大" : "一般"}</span>`
const open = each => `<li class="row"><div><div class="tags">${level(each.level)}${late(each.due_on) ? `<span class="state late">逾期</span>` : ""}<small class="end">${text(each.due_on || "")}</small></div>
  <b>${text(each.name || each.place)}</b><br><small>${text(each.description)}</small></div></li>`

export function hazard({ draft, shots, place, units, fault }) {
  return `${top("拍隐患", draft.saved ? `${hour(draft.saved)} 已存本机` : "拍一张就存在本机")}
  <main class="stack">
    ${fault ? `<p class="note stop">${icon("warn")}<span>${text(fault)}</span></p>` : ""}
    ${shots.length ? `<div class="shots">${shots.map(each => `<figure><img src="${each.url}" alt="照片"><button class="btn off" data-off="${each.id}" aria-label="去掉这张">${icon("x")}</button></figure>`).join("")}</div>` : ""}
    <button class="btn ${shots.length ? "" : "go"} shutter" data-shoot>${icon("cam")}${shots.length ? "再拍一张" : "拍照"}</button>
    <input type="file" accept="image/*" capture="environment" id="camera" hidden>
    <p class="note ${place.ok ? "ok" : ""}">${icon("pin")}<span>${text(place.said)}</span></p>
    <label class="field">哪里、哪家（可以后补）<input name="where" list="units" autocomplete="off" maxlength="120" value="${text(draft.where)}" placeholder="名称、拼音首字母"></label>
    <datalist id="units">${units.map(each => `<option value="${text(each.name)}">${text(each.initials)}</option>`).join("")}</datalist>
    <div class="choice" role="group" aria-label="大小">${["general", "major"].map(each => `<button data-level="${each}" aria-pressed="${draft.level === each}">${level(each)}</button>`).join("")}</div>
    <label class="field">什么不对（可以后补）<textarea name="description" rows="3" maxlength="2000">${text(draft.description)}</textarea></label>
  </main>
  <nav class="dock"><button class="btn go big" data-save ${shots.length || draft.description ? "" : "disabled"}>${icon("ok")}保存</button></nav>`
}

const STATES = { here: ["here", "本机"], sending: ["", "发送中"], stopped: ["late", "退回"], received: ["done", "已收"] }
export function queue({ records, progress, line, free }) {
  const told = counts(records), waiting = records.filter(each => each.state !== "received" && each.state !== "draft")
  const part = (title, state, note = "") => {
    const some = records.filter(each => each.state === state)
    return some.length ? `<section class="card rows"><header><h2>${title} ${some.length} 条</h2><small>${note}</small></header><ul>${some.map(each => entry(each, progress)).join("")}</ul></section>` : ""
  }
  return `${top("队列", line || "有信号就送，不用管它", `<button class="btn" data-export ${waiting.length ? "" : "disabled"}>${icon("down")}导出</button>`)}
  <main class="stack"><div class="card">${trip(told)}</div>
    ${waiting.length ? `<div class="note stop">${icon("warn")}<div><b>${waiting.length} 条未上传，先别清理手机。</b><br>${text(free)}</div></div>` : ""}
    ${part("要您看", "stopped")}${part("发送中", "sending")}${part("只在本机", "here")}${part("已收", "received", "回执都对得上")}
    ${records.length ? "" : `<p class="card empty">这里还没有东西。拍下的隐患、做的检查都先存在这里，有信号就送。</p>`}</main>`
}

function entry(each, progress) {
  const [look, said] = STATES[each.state], moving = progress.get(each.id)
  const about = each.state === "received" ? `${day(each.received_at)} ${hour(each.received_at)} 已收${each.why ? `，${each.why}` : ""}` : each.why || `${each.photos.length} 张照片`
  return `<li class="row"><div><div class="tags"><span class="state ${look}">${said}</span><small class="end">${hour(each.made_at)}</small></div><b>${text(each.title)}</b><p class="dim">${text(about)}</p>
    ${moving ? `<progress max="${moving.size}" value="${moving.at}"></progress><small>断了接着传，不重来</small>` : ""}
    ${each.state === "stopped" ? `<p class="dim">您的这份没丢。</p><div class="btns"><button class="btn go" data-again="${each.id}">再送一次</button><button class="btn" data-rescue="${each.id}">交办公室处理</button></div>` : ""}</div></li>`
}

export const signIn = ({ fault, waiting }) => `<main class="stack"><h1>兴县安全检查</h1>
  ${waiting ? `<p class="note ok">${icon("ok")}<span>${waiting} 条还在本机，登录后接着送，一条不丢。</span></p>` : ""}
  <form class="card stack" data-signin><label class="field">用户名<input name="username" autocomplete="username" required maxlength="40"></label>
    <label class="field">口令<input name="password" type="password" autocomplete="current-password" required maxlength="200"></label>
    <label class="field">动态口令（没有就空着）<input name="otp" inputmode="numeric" autocomplete="one-time-code" maxlength="10"></label>
    ${fault ? `<p class="wrong" role="alert">${text(fault)}</p>` : ""}<button class="btn go">登录</button></form></main>`

export const accident = ({ phone }) => `${top("事故", "电话是法定的第一报")}<main class="stack"><div class="card stack"><p class="dim">先打电话给值班室，再补记录。</p>
  ${phone ? `<a class="btn go" href="tel:${text(phone)}">${icon("call")}${text(phone)}</a>` : `<p>值班室电话还没有登记，请拨 119、120、110 或本单位值班电话。</p>`}</div></main>`
