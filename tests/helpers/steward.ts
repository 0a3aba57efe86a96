import { startSession } from '../../src/actions/session.ts'
import { inviteSteward, joinStewards } from '../../src/actions/steward.ts'
import type { Role, Steward } from '../../src/domain/steward.ts'
import { hashPassword } from '../../src/lib/password.ts'
import { createSessions } from '../../src/web/session.ts'
import { send } from './form.ts'
import type { TestNode } from './node.ts'
import { visit } from './page.ts'

export const PASSWORD = 'a long way to the sea'

export type TestSteward = Awaited<ReturnType<typeof addTestSteward>>

/** Somebody who looks after the node; signs in only when asked to. */
export async function addTestSteward(node: TestNode, { name = 'ada', role = 'owner' }: { name?: string; role?: Role } = {}) {
  const passwordHash = await hashPassword(PASSWORD)
  const steward: Steward = joinStewards(node.ctx, inviteSteward(node.ctx, role).token, { name, passwordHash })
  return steward
}

/** A steward in a browser without JavaScript: signed in, with the cookie that this gave. */
export async function signedIn(node: TestNode, given: { name?: string; role?: Role } = {}) {
  const steward = await addTestSteward(node, given)
  const { token } = startSession(node.ctx, steward, 'Test browser')
  return { steward, ...browserOf(node, createSessions(node.ctx).cookie(token).split(';')[0]!) }
}

/** Whoever holds this cookie. */
export function browserOf(node: TestNode, cookie: string) {
  const get = (path: string, accept = 'text/html') => fetch(new URL(path, node.url), { headers: { accept, cookie }, redirect: 'manual' })
  return {
    cookie,
    get,
    /** A page as it is read. */
    visit: (path: string) => visit({ get }, path),
    /** Sends a form as from a page of the node. */
    send: (path: string, fields: Record<string, string> = {}, headers: Record<string, string | undefined> = {}) =>
      send(node, path, fields, { cookie, ...headers }),
  }
}
