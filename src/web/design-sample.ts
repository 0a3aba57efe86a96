import { Charter } from '../domain/charter.ts'
import { charterChanges } from '../domain/charter-diff.ts'
import type { DirectoryEntry, FoundEntry } from '../domain/directory.ts'
import type { Post } from '../domain/post.ts'
import { lazy } from '../lib/lazy.ts'

// What /design shows its components with: one invented community before and after a change, and what else they need. Development only.
const NOW = new Date('2026-06-01T10:00:00Z')

/** Made when it is first looked at. */
export const sample = lazy(() => {
  const before = Charter.parse({
    name: 'Salt Marsh',
    summary: 'Boat builders and teachers on the estuary, at one table every evening.',
    kind: ['commune', 'farm_land_project'],
    theme: 'left',
    themes: ['left', 'ecological'],
    status: 'forming',
    adults: 24,
    children: 9,
    startedLivingTogether: 1978,
    openToMembers: 'waitlist',
    openToVisitors: 'by_arrangement',
    openToVolunteers: 'seasonal',
    place: { precision: 'locality', country: 'FR', region: 'Pays de la Loire', locality: 'Guérande', latitude: 47.33, longitude: -2.43 },
    languages: ['fr', 'en'],
    decisionMaking: ['consensus'],
    incomeSharing: 'full',
    regularFee: { amount: 250, currency: 'EUR', period: 'month' },
    sharedMeals: 'daily',
    setting: 'rural',
    agreements: [{ title: 'Money', text: 'All income goes into one purse, and **everybody** takes from it what they need.' }],
  })
  const after = Charter.parse({
    ...before,
    adults: 26,
    regularFee: { amount: 220, currency: 'EUR', period: 'month' },
    decisionMaking: ['consensus', 'majority_vote'],
    agreements: [{ title: 'Money', text: 'All income goes into one purse, and everybody says in January what they need.' }],
  })

  const entry: DirectoryEntry = {
    actor: 'https://saltmarsh.example/c/saltmarsh',
    url: 'https://saltmarsh.example/c/saltmarsh',
    host: 'saltmarsh.example',
    handle: 'saltmarsh',
    charter: before,
    edition: 2,
    source: 'network',
    publishedAt: NOW,
    verifiedAt: NOW,
    state: 'heard',
    expiresAt: null,
    record: 0,
  }
  const other = Charter.parse({ ...before, name: 'قرية القمر', summary: 'بيوت من طين ومدرسة مشتركة.', theme: 'ecological', themes: ['ecological'], status: 'established' }) // biome-ignore format: a row

  const post: Post = {
    id: 1,
    iri: 'https://saltmarsh.example/o/1',
    author: entry.actor,
    local: false,
    type: 'Note',
    name: null,
    summary: null,
    source: null,
    content: '<p>Two rooms are free from March. <a href="https://saltmarsh.example/rooms">Write to us!</a></p>',
    url: 'https://saltmarsh.example/o/1',
    inReplyTo: null,
    visibility: 'public',
    sensitive: false,
    language: 'en',
    details: null,
    pinnedAt: NOW,
    publishedAt: NOW,
    updatedAt: null,
    deletedAt: null,
  }

  return {
    now: NOW,
    entry,
    charter: before,
    found: [
      { ...entry, distanceKm: 42 },
      { ...entry, charter: other, host: 'qamar.example', handle: 'qamar' },
    ] satisfies FoundEntry[],
    post,
    event: {
      ...post,
      type: 'Event' as const,
      name: 'Haymaking',
      details: { startsAt: '2026-06-20T09:00:00+02:00', place: 'The lower meadow' },
    },
    warned: { ...post, summary: 'About a slaughter' },
    changes: charterChanges(before, after),
    asked: { q: 'garden', theme: 'left', status: 'forming', near: '48.85,2.35', within: '100' },
    counts: [
      { value: 'left', count: 26 },
      { value: 'anarchist', count: 12 },
      { value: 'spiritual', count: 35 },
    ],
    entries: [
      { ...entry, name: before.name, place: before.place },
      { ...entry, name: 'Werkhof', host: 'werkhof.example', handle: 'werkhof', place: { precision: 'exact' as const, country: 'DE', latitude: 51.34, longitude: 12.4 } }, // biome-ignore format: a row
      { ...entry, name: 'Freehold', host: 'freehold.example', handle: 'freehold', place: { precision: 'country' as const, country: 'IT' } },
    ],
  }
})
