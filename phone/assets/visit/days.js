// Days as the county counts them, by the server's clock where the phone's is false.
import { day } from "../parts.js"
import * as store from "../store.js"

export const countyNow = async () => Date.now() - ((await store.get("clock_off")) || 0) * 60_000
export const countyToday = async () => day(await countyNow())
export const after = (on, days) => day(Date.parse(`${on}T04:00:00Z`) + days * 86_400_000)
export const apart = (from, to) => Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000)
export const spoken = on => { const [year, month, date] = on.split("-").map(Number); return `${year}年${month}月${date}日` }
export const short = on => { const [, month, date] = on.split("-").map(Number); return `${month}月${date}日` }
