// Where the visit is: a unit or a site of the lists, a place in words. What was chosen stays though sync takes its row away meanwhile.
import { unitOrSite } from "../units.js"

export const isSite = chosen => Boolean(chosen && "place_type" in chosen)
export const whereOf = async words => (words.unit ? (await unitOrSite(words.unit)) || words.known : null) || null
export const sectorOf = (words, chosen) => (chosen && chosen.sector) || words.sector
