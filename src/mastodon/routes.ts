import { accountActRoutes } from './account-acts.ts'
import { accountRoutes } from './accounts.ts'
import { directoryRoutes } from './directory.ts'
import { instanceRoutes } from './instance.ts'
import { markerRoutes } from './markers.ts'
import { moreRoutes } from './more-routes.ts'
import { oauthRoutes } from './oauth.ts'
import { profileRoutes } from './profile.ts'
import type { Route } from './route.ts'
import { searchRoutes } from './search.ts'
import { statusActRoutes } from './status-acts.ts'
import { statusRoutes } from './statuses.ts'
import { stubRoutes } from './stubs.ts'
import { timelineRoutes } from './timelines.ts'

/** Everything apps may ask for, and what they must show for it. What is not here is not answered. */
export const routes: readonly Route[] = [
  ...oauthRoutes,
  ...instanceRoutes,
  ...accountRoutes,
  ...accountActRoutes,
  ...profileRoutes,
  ...statusRoutes,
  ...statusActRoutes,
  ...timelineRoutes,
  ...markerRoutes,
  ...searchRoutes,
  ...directoryRoutes,
  ...moreRoutes,
  ...stubRoutes,
]
