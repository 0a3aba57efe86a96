import type { Act } from '../../domain/steward.ts'

/** A part of the stewards' web. It stands in the navigation of those who may go there, once its route is registered. */
export type Area = { name: string; path: string; act: Act }

/** In the order in which they are shown. Their names are messages: `admin.area.<name>`. */
export const AREAS = [
  { name: 'overview', path: '/admin', act: 'home' },
  { name: 'charter', path: '/admin/charter', act: 'charter' },
  { name: 'posts', path: '/admin/posts', act: 'posts' },
  { name: 'people', path: '/admin/people', act: 'people' },
  { name: 'inquiries', path: '/admin/inquiries', act: 'inquiries' },
  { name: 'moderation', path: '/admin/moderation', act: 'moderation' },
  { name: 'node', path: '/admin/node', act: 'node' },
  { name: 'settings', path: '/admin/settings', act: 'settings' },
  { name: 'stewards', path: '/admin/stewards', act: 'stewards' },
  { name: 'audit', path: '/admin/audit', act: 'audit' },
  { name: 'apps', path: '/admin/apps', act: 'apps' },
  { name: 'account', path: '/admin/account', act: 'account' },
] as const satisfies readonly Area[]

export type AreaName = (typeof AREAS)[number]['name']
