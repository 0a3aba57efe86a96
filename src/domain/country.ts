// Intl alone would also accept retired and reserved codes (DD, SU, UK, EU). The list is ISO 3166-1 alpha-2 as assigned,
// with XK: user-assigned, but what the European Union, banks and CLDR use for Kosovo.
const CODES =
  'AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK ' +
  'CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS ' +
  'GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV ' +
  'LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM ' +
  'PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR ' +
  'TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW'

/** The country codes a place may have, in alphabetical order. */
export const COUNTRIES: readonly string[] = CODES.split(' ')

const NAMES = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' })

/** The English name of a country, or undefined where the code is none. */
export function countryName(code: string): string | undefined {
  return COUNTRIES.includes(code) ? NAMES.of(code) : undefined
}

/** The code somebody meant who wrote "es", "Spain" or "UK". */
export function countryMeant(text: string): string | undefined {
  // Most give a code, and the names of all countries take longer than a search.
  const code = text.toUpperCase()
  if (COUNTRIES.includes(code)) return code
  const wanted = /^[a-z]{2}$/i.test(text) ? NAMES.of(text.toUpperCase()) : text
  return COUNTRIES.find(known => NAMES.of(known)?.toLowerCase() === wanted?.toLowerCase())
}
