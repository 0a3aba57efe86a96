import { countryName } from './country.ts'
import { LABELS } from './vocabulary-label.ts'

/**
 * The controlled words of a charter, by field. Words are only ever added: other nodes, older and newer, hold charters that use them.
 * `period`, `unit` and `rel` are the small vocabularies within fees, areas and affiliations.
 */
// biome-ignore format: a vocabulary reads better in rows
export const VOCABULARY = {
  kind: ['ecovillage', 'commune', 'cohousing', 'shared_housing', 'housing_coop', 'student_coop', 'kibbutz_moshav', 'monastic',
    'religious_settlement', 'spiritual_centre', 'life_sharing', 'farm_land_project', 'squat_social_centre', 'neighbourhood_assembly',
    'transition_initiative', 'indigenous_traditional', 'planned_town', 'autonomous_zone', 'micronation', 'artist_colony', 'network', 'other'],
  theme: ['left', 'right', 'anarchist', 'libertarian', 'spiritual', 'ecological', 'egalitarian', 'feminist', 'lgbtq', 'pacifist',
    'antiracist', 'indigenous', 'nationalist', 'traditionalist', 'arts', 'education', 'care', 'health', 'agriculture', 'science',
    'elders', 'families', 'other'],
  status: ['idea', 'forming', 'established', 're_forming', 'dormant', 'disbanded'],
  siteStatus: ['no_land', 'seeking_site', 'site_optioned', 'own_site_undeveloped', 'permitting', 'building', 'retrofitting', 'completed', 'unknown'],
  openToMembers: ['yes', 'waitlist', 'no', 'unknown'],
  openToVisitors: ['yes', 'rarely', 'by_arrangement', 'no', 'unknown'],
  openToVolunteers: ['yes', 'seasonal', 'no', 'unknown'],
  decisionMaking: ['consensus', 'modified_consensus', 'consent_sociocracy', 'supermajority_vote', 'majority_vote', 'general_assembly',
    'elected_council', 'council_of_elders', 'core_group', 'single_leader', 'religious_rule', 'owner_decides', 'do_ocracy', 'other', 'undecided'],
  leadership: ['none', 'identified_leader', 'core_group', 'elected', 'rotating', 'religious_superior', 'founder', 'other'],
  conflictResolution: ['none_written', 'facilitated_meeting', 'mediation', 'restorative_circle', 'elders', 'outside_help', 'religious_authority', 'other'],
  incomeSharing: ['none', 'partial', 'full'],
  economy: ['independent', 'cooperative_businesses', 'communal_businesses', 'gift', 'mixed', 'outside_jobs', 'donations', 'other'],
  landOwner: ['individuals', 'community_association', 'cooperative', 'community_land_trust', 'non_profit', 'religious_body', 'company',
    'landlord', 'state_or_municipality', 'commons_or_customary', 'squatted', 'none_yet', 'other'],
  labour: ['none', 'suggested', 'required'],
  membersWithDebt: ['yes', 'no', 'case_by_case', 'unknown'],
  orientationPolitical: ['left', 'right', 'anarchist', 'libertarian', 'green', 'centrist', 'monarchist', 'nationalist', 'plural', 'apolitical', 'other'],
  spiritualTraditions: ['secular', 'eclectic', 'christian', 'catholic', 'orthodox', 'protestant', 'anabaptist', 'quaker', 'jewish', 'muslim',
    'sufi', 'hindu', 'vaishnava', 'buddhist', 'sikh', 'bahai', 'pagan_earth', 'new_age', 'anthroposophical', 'indigenous', 'other'],
  practiceExpected: ['none', 'welcome', 'expected', 'required'],
  setting: ['rural', 'small_town_or_village', 'suburban', 'urban', 'mobile', 'online', 'undecided'],
  /** From the finest to the coarsest. */
  precision: ['exact', 'street', 'locality', 'region', 'country', 'hidden'],
  housing: ['private_houses', 'apartments', 'private_rooms', 'shared_house', 'dormitory', 'cabins_or_tiny_houses', 'tents_or_yurts',
    'vehicles', 'boats', 'temporary_only', 'none'],
  sharedMeals: ['none', 'rarely', 'weekly', 'several_per_week', 'daily'],
  diet: ['omnivore', 'pescatarian', 'vegetarian', 'vegan', 'organic', 'local', 'kosher', 'halal', 'raw', 'other'],
  dietRule: ['individual_choice', 'common_meals_only', 'whole_community'],
  alcohol: ['not_allowed', 'not_in_common_spaces', 'moderate', 'open', 'unknown'],
  tobacco: ['not_allowed', 'outdoors_only', 'open', 'unknown'],
  childrenEducation: ['public_school', 'own_school', 'homeschool', 'none'],
  period: ['week', 'month', 'quarter', 'year'],
  unit: ['square_metre', 'hectare', 'square_kilometre', 'acre'],
  rel: ['member', 'part', 'partner', 'daughter', 'successor', 'ally', 'other'],
} as const

export type VocabularyField = keyof typeof VOCABULARY
export type Word<Field extends VocabularyField> = (typeof VOCABULARY)[Field][number]

export const KINDS = VOCABULARY.kind
export const THEMES = VOCABULARY.theme
export const STATUSES = VOCABULARY.status
export const OPEN_TO_MEMBERS = VOCABULARY.openToMembers
export const OPEN_TO_VISITORS = VOCABULARY.openToVisitors
export const OPEN_TO_VOLUNTEERS = VOCABULARY.openToVolunteers
export const DECISION_MAKING = VOCABULARY.decisionMaking
export const PRECISIONS = VOCABULARY.precision

export type Kind = Word<'kind'>
export type Theme = Word<'theme'>
export type Status = Word<'status'>
export type OpenToMembers = Word<'openToMembers'>
export type OpenToVisitors = Word<'openToVisitors'>
export type OpenToVolunteers = Word<'openToVolunteers'>
export type DecisionMaking = Word<'decisionMaking'>
export type Precision = Word<'precision'>

const OTHER_NAMES: Record<string, string> = { themes: 'theme', kinds: 'kind', locationPrecision: 'precision', languages: 'language' }
const LANGUAGE_NAMES = new Intl.DisplayNames('en', { type: 'language' })

/**
 * English words for a value of a field: `label('kind', 'squat_social_centre')` is "Squat or social centre". Takes 'country' and
 * 'language' too. A word this version does not know, from a newer node, comes back readable: "solar_punk" is "solar punk".
 */
export function label(field: string, value: string): string {
  const name = OTHER_NAMES[field] ?? field
  if (name === 'country') return countryName(value) ?? value
  if (name === 'language') return languageName(value)
  const words: readonly string[] = isVocabularyField(name) ? VOCABULARY[name] : []
  const spaced = value.replaceAll('_', ' ')
  if (!words.includes(value)) return spaced
  return LABELS[name as VocabularyField]?.[value] ?? spaced.charAt(0).toUpperCase() + spaced.slice(1)
}

function isVocabularyField(name: string): name is VocabularyField {
  return Object.hasOwn(VOCABULARY, name)
}

function languageName(tag: string): string {
  try {
    return LANGUAGE_NAMES.of(tag) ?? tag
  } catch {
    return tag
  }
}
