import { conversationRoutes } from './conversations.ts'
import { filterRoutes } from './filters.ts'
import { filterV1Routes } from './filters-v1.ts'
import { listRoutes } from './lists.ts'
import { mediaRoutes } from './media.ts'
import { notificationRoutes } from './notifications.ts'
import { pollRoutes } from './polls.ts'
import { pushRoutes } from './push.ts'
import type { Route } from './route.ts'
import { scheduledRoutes } from './scheduled.ts'
import { statusEditRoutes } from './status-edits.ts'
import { tagRoutes } from './tags.ts'

export const moreRoutes: readonly Route[] = [
  ...mediaRoutes,
  ...statusEditRoutes,
  ...pollRoutes,
  ...notificationRoutes,
  ...tagRoutes,
  ...listRoutes,
  ...filterRoutes,
  ...filterV1Routes,
  ...conversationRoutes,
  ...scheduledRoutes,
  ...pushRoutes,
]
