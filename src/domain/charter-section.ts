import type { z } from 'zod'
import { group, list, number, once, oneOf, optional, required, someOf, whole, year } from './charter-field.ts'
import { currency, language, line, link, moment, partialDate, prose } from './charter-text.ts'
import { VOCABULARY } from './vocabulary.ts'

// The fields of a charter in the sections in which forms and pages show them. charter.ts puts them together.

export const identity = {
  name: required(line(100), 'Name', 'What the community calls itself.'),
  summary: required(line(500), 'Summary', 'What it is in two or three sentences. Shown in lists and search results.'),
  kind: required(someOf(VOCABULARY.kind, 3), 'Kind', 'What kind of community it is: one to three.'),
  theme: required(oneOf(VOCABULARY.theme), 'Main theme', 'The one theme that says most about the community.'),
  themes: required(
    list(oneOf(VOCABULARY.theme), 5, 'ecological').overwrite(once).default([]),
    'Themes',
    'All themes, at most five. The main theme is one of them and comes first.',
  ),
  status: required(oneOf(VOCABULARY.status), 'Status', 'Where the community stands between an idea and its end.'),
  startedPlanning: optional(year(), 'Planning since', 'The year in which the first people began to plan.'),
  startedLivingTogether: optional(year(), 'Living together since', 'The year in which members first lived together.'),
  disbanded: optional(year(), 'Disbanded in', 'The year in which it ended. Needed if the status is disbanded.'),
  languages: required(
    list(language(), 20, 'en').overwrite(once).default([]),
    'Languages',
    'Languages spoken in daily life, most used first, as codes (BCP 47) such as en, es or pt-BR.',
  ),
  website: optional(link(), 'Website', "The community's own site."),
  contact: optional(line(200), 'Contact', 'How to reach the community. Everybody can read this line, so give no private address.'),
}

export const membership = {
  openToMembers: required(oneOf(VOCABULARY.openToMembers).default('unknown'), 'Open to new members', 'Whether new members can join.'),
  openToVisitors: required(oneOf(VOCABULARY.openToVisitors).default('unknown'), 'Open to visitors', 'Whether people may come and see.'),
  openToVolunteers: required(
    oneOf(VOCABULARY.openToVolunteers).default('unknown'),
    'Open to volunteers',
    'Whether people may come and help.',
  ),
  membershipProcess: optional(prose(3000), 'How to join', 'The steps from the first letter to membership, in markdown.'),
  visitorProcess: optional(prose(3000), 'How to visit', 'How a visit is arranged and what it costs, in markdown.'),
  trialPeriodMonths: optional(whole(0, 600), 'Trial period', 'Months between moving in and full membership.'),
  adults: optional(whole(0, 1_000_000), 'Adults', 'Adult members who live there.'),
  children: optional(whole(0, 1_000_000), 'Children', 'Children who live there.'),
  nonMemberResidents: optional(whole(0, 1_000_000), 'Other residents', 'People who live there without being members.'),
}

export const government = {
  decisionMaking: optional(someOf(VOCABULARY.decisionMaking), 'Decision making', 'How the community decides.'),
  leadership: optional(oneOf(VOCABULARY.leadership), 'Leadership', 'Who leads, if anybody does.'),
  conflictResolution: optional(someOf(VOCABULARY.conflictResolution), 'Conflict resolution', 'What happens when members fall out.'),
  orientationPolitical: optional(
    someOf(VOCABULARY.orientationPolitical),
    'Political orientation',
    'The political views it declares as a community.',
  ),
  spiritualTraditions: optional(someOf(VOCABULARY.spiritualTraditions), 'Spiritual traditions', 'Traditions that shape its life.'),
  practiceExpected: optional(oneOf(VOCABULARY.practiceExpected), 'Spiritual practice', 'Whether members are expected to take part in it.'),
}

const amount = required(number(0, 1e9), 'Amount', 'Without the currency sign. 0 says that it is free.')
const inCurrency = required(currency(), 'Currency', 'Three capital letters (ISO 4217), such as EUR.')

export const economy = {
  incomeSharing: optional(oneOf(VOCABULARY.incomeSharing), 'Income', 'How much of what members earn is shared.'),
  economy: optional(someOf(VOCABULARY.economy), 'Economy', 'What the community lives on.'),
  joinFee: optional(group({ amount, currency: inCurrency }), 'Fee to join', 'What a new member pays once.'),
  regularFee: optional(
    group({ amount, currency: inCurrency, period: required(oneOf(VOCABULARY.period), 'Period', 'How often it is paid.') }),
    'Regular fee',
    'What a member pays again and again.',
  ),
  labour: optional(oneOf(VOCABULARY.labour), 'Work for the community', 'Whether members owe it work.'),
  labourHoursPerWeek: optional(number(0, 168), 'Hours of work', 'Hours of work for the community in a week.'),
  membersWithDebt: optional(oneOf(VOCABULARY.membersWithDebt), 'Members with debts', 'Whether people in debt can join.'),
}

export const land = {
  siteStatus: optional(oneOf(VOCABULARY.siteStatus), 'Site', 'How far the community has come with its site.'),
  landOwner: optional(someOf(VOCABULARY.landOwner), 'Land owned by', 'Who owns the land or the house.'),
  landArea: optional(
    group({
      amount: required(number(0, 1e9), 'Amount', 'How much land.'),
      unit: required(oneOf(VOCABULARY.unit), 'Unit', 'What the amount is counted in.'),
    }),
    'Land',
    'How much land the community has.',
  ),
  setting: optional(oneOf(VOCABULARY.setting), 'Setting', 'What surrounds it.'),
  housing: optional(someOf(VOCABULARY.housing), 'Housing', 'What members live in.'),
}

export const dailyLife = {
  sharedMeals: optional(oneOf(VOCABULARY.sharedMeals), 'Shared meals', 'How often members eat together.'),
  diet: optional(someOf(VOCABULARY.diet), 'Diet', 'What is eaten at common meals.'),
  dietRule: optional(oneOf(VOCABULARY.dietRule), 'Rule about diet', 'For whom the diet is a rule.'),
  alcohol: optional(oneOf(VOCABULARY.alcohol), 'Alcohol', 'Whether and where it is drunk.'),
  tobacco: optional(oneOf(VOCABULARY.tobacco), 'Tobacco', 'Whether and where it is smoked.'),
  childrenEducation: optional(someOf(VOCABULARY.childrenEducation), "Children's education", 'Where the children learn.'),
}

export const Agreement = group({
  title: required(line(200), 'Title', 'What the agreement is about.'),
  text: optional(prose(20_000), 'Text', 'The agreement itself, in markdown.'),
  url: optional(link(), 'Address', 'Where the agreement can be read, if it is not given here.'),
  adopted: optional(partialDate(), 'Adopted', 'The year, month or day on which it was adopted, such as 1841-09-29.'),
  version: optional(line(40), 'Version', "The community's own number of it."),
})
  .refine(({ text, url }) => text !== undefined || url !== undefined, {
    path: ['text'],
    error: 'is missing: give the text of the agreement, or a url where it stands',
    when: ({ value }) => typeof value === 'object' && value !== null,
  })
  .meta({ anyOf: [{ required: ['text'] }, { required: ['url'] }] })
export type Agreement = z.infer<typeof Agreement>

export const Affiliation = group({
  name: required(line(100), 'Name', 'The network, church, movement or community.'),
  url: optional(link(), 'Address', 'Its site.'),
  rel: optional(oneOf(VOCABULARY.rel), 'Relation', 'How the community relates to it.'),
})
export type Affiliation = z.infer<typeof Affiliation>

export const documents = {
  affiliations: optional(list(Affiliation, 50, ''), 'Affiliations', 'Networks and movements the community belongs to.'),
  agreements: required(
    list(Agreement, 100, '').default([]),
    'Agreements',
    'The charter itself, article by article: values, rules, money, how to leave, how somebody is excluded.',
  ),
  lastVerified: optional(moment(), 'Last verified', 'When the community last said that all this is still true.'),
  expires: optional(moment(), 'Expires', 'When all this should no longer be relied on.'),
}
