import { get, type Route } from './route.ts'

const empty = () => []

/** What apps ask for and this node does not have: rightly shaped, and empty. */
export const stubRoutes: readonly Route[] = [
  get('/api/v1/custom_emojis', 'nothing', empty),
  get('/api/v1/announcements', 'read:accounts', empty),
  get('/api/v1/endorsements', 'read:accounts', empty),
  get('/api/v1/trends/statuses', 'nothing', empty),
  get('/api/v1/trends/links', 'nothing', empty),
]
