// Who does what on this page: which doors stand under the thumb, in whose name one looks at a unit. What the server lets nobody do is not offered.
const DOORS = {
  visit: { route: "visit", words: "检查", sign: "list" },
  walk: { route: "walk", words: "走小店", sign: "shops" },
  reviews: { route: "reviews", words: "复查", sign: "redo" },
  rectify: { route: "reviews", words: "整改", sign: "redo" },
  check: { route: "check", words: "自查", sign: "list" },
  mine: { route: "mine", words: "我报的", sign: "ok" },
  notices: { route: "notices", words: "通知", sign: "bell" },
}
const HAZARD = { route: "hazard", words: "拍隐患", sign: "cam" }, ACCIDENT = { route: "accident", words: "报事故", sign: "call" }
const OFFICER = { doors: ["visit", "walk", "reviews"], big: HAZARD }, READER = { doors: ["notices", "reviews"] }
const HOMES = {
  inspector: OFFICER, township_officer: OFFICER, department_officer: OFFICER, bureau_officer: OFFICER,
  village_officer: { doors: ["visit", "walk", "mine"], big: HAZARD }, enterprise_officer: { doors: ["check", "rectify"], big: HAZARD },
  duty_officer: { doors: [], big: ACCIDENT },
}
export function homeOf({ role }) {
  const { doors, big } = HOMES[role] || READER
  return { doors: doors.map(each => DOORS[each]), big }
}

export const visits = ({ role }) => HOMES[role] === OFFICER
export const reviews = ({ role }) => HOMES[role] === OFFICER
export const ofUnit = ({ role }) => role === "enterprise_officer"
export const reportsAccidents = ({ role }) => role in HOMES

// 名义: as the server offers them that day (`me`), else by the post.
export const AUTHORITIES = { administrative: "行政检查", patrol: "属地巡查", supervision: "督导", expert_service: "专家服务", self_check: "自查" }
const BY_ROLE = {
  inspector: ["patrol", "administrative", "supervision"], township_officer: ["patrol", "supervision"], village_officer: ["patrol"],
  department_officer: ["administrative", "supervision", "expert_service"], bureau_officer: ["administrative", "supervision", "expert_service"],
}
export const authorities = ({ role }, me) => (me && me.authorities && me.authorities.length ? me.authorities : BY_ROLE[role] || [])
