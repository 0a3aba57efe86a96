import type { FastifyInstance } from 'fastify'
import { accountRoutes } from './account.ts'
import { appsRoutes } from './apps.ts'
import { auditRoutes } from './audit.ts'
import { charterAdminRoutes } from './charter.ts'
import { charterFileRoutes } from './charter-file.ts'
import { charterPublishRoutes } from './charter-publish.ts'
import { codeRoutes } from './codes.ts'
import { confirmRoutes } from './confirm.ts'
import { firstRunRoutes } from './first-run.ts'
import type { StewardEdge } from './gate.ts'
import { inquiryAdminRoutes } from './inquiries.ts'
import { pledgeAdminRoutes } from './inquiries-pledges.ts'
import { joinRoutes } from './join.ts'
import { moderationRoutes } from './moderation.ts'
import { moderationListRoutes } from './moderation-lists.ts'
import { moderationPolicyRoutes } from './moderation-policy.ts'
import { moderationReportRoutes } from './moderation-reports.ts'
import { nodeRoutes } from './node.ts'
import { overviewRoutes } from './overview.ts'
import { peopleRoutes } from './people.ts'
import { followingRoutes } from './people-following.ts'
import { followImportRoutes } from './people-import.ts'
import { pictureRoutes } from './pictures.ts'
import { postAdminRoutes } from './posts.ts'
import { postWriteRoutes } from './posts-write.ts'
import { settingsRoutes } from './settings.ts'
import { settingsEraseRoutes } from './settings-erase.ts'
import { signInRoutes } from './sign-in.ts'
import { stewardRoutes } from './stewards.ts'

type Routes = (app: FastifyInstance, edge: StewardEdge) => void | Promise<void>

const ROUTES: readonly Routes[] = [
  signInRoutes,
  confirmRoutes,
  overviewRoutes,
  joinRoutes,
  firstRunRoutes,
  accountRoutes,
  codeRoutes,
  stewardRoutes,
  auditRoutes,
  charterAdminRoutes,
  charterPublishRoutes,
  charterFileRoutes,
  postWriteRoutes,
  postAdminRoutes,
  inquiryAdminRoutes,
  peopleRoutes,
  followingRoutes,
  followImportRoutes,
  pledgeAdminRoutes,
  appsRoutes,
  moderationRoutes,
  moderationListRoutes,
  moderationReportRoutes,
  moderationPolicyRoutes,
  nodeRoutes,
  settingsRoutes,
  settingsEraseRoutes,
  pictureRoutes,
  // One line for each.
]

/** The stewards' web: everything under /admin, and the way in. Each of these registers its routes with `admin` of gate.ts. */
export async function stewardWeb(app: FastifyInstance, edge: StewardEdge): Promise<void> {
  for (const routes of ROUTES) await routes(app, edge)
}
