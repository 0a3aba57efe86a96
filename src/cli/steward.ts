import { type Command, Option } from 'commander'
import { revokeSessions } from '../actions/session.ts'
import {
  changeRole,
  findSteward,
  inviteSteward,
  joinStewards,
  type Offer,
  offerFirst,
  offerReset,
  removeSteward,
  revokeInvitation,
} from '../actions/steward.ts'
import { disableTotp } from '../actions/totp.ts'
import type { Context } from '../context.ts'
import { localCommunity } from '../db/community.ts'
import { allStewards, openInvitations, sessionsOf } from '../db/steward.ts'
import { Refusal } from '../domain/refusal.ts'
import { faultOfPassword, foldName, PASSWORD, ROLES, type Role, readName } from '../domain/steward.ts'
import { hashPassword } from '../lib/password.ts'
import { day, print, say, table } from './output.ts'
import { type JsonOption, jsonOption, withNode } from './run.ts'

type RoleOption = JsonOption & { role: Role }

const FAULTS = {
  short: `A password has at least ${PASSWORD.shortest} letters.`,
  long: `A password has at most ${PASSWORD.longest} letters.`,
  common: 'That is one of the first passwords anybody would try.',
  own: 'A password must not be the steward’s own name or the community’s.',
}
const roleOption = () => new Option('--role <role>', 'what they may do: everything, speak for the community, or moderate').choices(ROLES)

export function stewardCommands(program: Command): void {
  const steward = program.command('steward').description('who looks after this node in a browser')
  inviting(steward)
  changing(steward)
}

function inviting(steward: Command): void {
  jsonOption(steward.command('list'))
    .description('list the stewards, and the links that are still good')
    .action((options: JsonOption) =>
      withNode(ctx => {
        const stewards = allStewards(ctx.db).map(one => ({ ...one, sessions: sessionsOf(ctx.db, one.id, ctx.now()).length }))
        const invitations = openInvitations(ctx.db, ctx.now())
        print({ stewards, invitations }, options.json, () =>
          table([
            ...stewards.map(({ id, name, role, createdAt, totpSince, sessions }) => [
              String(id),
              name,
              role,
              `since ${day(createdAt)}`,
              totpSince ? 'one-time codes' : 'password only',
              `signed in ${sessions} times`,
            ]),
            ...invitations.map(({ id, kind, role, expiresAt }) => [`link ${id}`, '', role, `until ${day(expiresAt)}`, kind, '']),
          ]),
        )
        if (stewards.length === 0 && !options.json) say('Nobody looks after this node yet. npx archipelago steward first makes a link.')
      }),
    )
  jsonOption(steward.command('first'))
    .description('make the link by which the first steward of an empty node signs up')
    .action((options: JsonOption) => withNode(ctx => tellLink(ctx, offerFirst(ctx), options), true))
  jsonOption(steward.command('invite'))
    .description('make a link by which somebody becomes a steward')
    .addOption(roleOption().default('editor'))
    .action((options: RoleOption) => withNode(ctx => tellLink(ctx, inviteSteward(ctx, options.role), options)))
  jsonOption(steward.command('add'))
    .description('make somebody a steward; the password is read from standard input')
    .argument('<name>', 'what they sign in with')
    .addOption(roleOption().default('editor'))
    .action((text: string, options: RoleOption) =>
      withNode(async ctx => {
        const name = readName(text)
        if (process.stdin.isTTY) process.stderr.write('Password: ')
        const password = await firstLine()
        const fault = faultOfPassword(password, [name, localCommunity(ctx.db)?.handle ?? '', ctx.config.host])
        if (fault) throw new Refusal('invalid', FAULTS[fault])
        const passwordHash = await hashPassword(password)
        const made = joinStewards(ctx, inviteSteward(ctx, options.role).token, { name, passwordHash })
        print({ id: made.id, name, role: made.role }, options.json, () => `${name} looks after this node now, as ${made.role}.`)
      }),
    )
  jsonOption(steward.command('revoke'))
    .description('take a link back before it is used')
    .argument('<number>', 'of the link')
    .action((text: string, options: JsonOption) =>
      withNode(ctx => {
        const id = Number(text.replace(/^link\s*/, ''))
        if (!Number.isSafeInteger(id))
          throw new Refusal('invalid', `“${text}” is not the number of a link. npx archipelago steward list shows them.`)
        revokeInvitation(ctx, id)
        print({ revoked: id }, options.json, () => `Link ${id} is good no more.`)
      }),
    )
}

function changing(steward: Command): void {
  jsonOption(steward.command('role'))
    .description('change what a steward may do')
    .argument('<who>', 'name or number')
    .argument('<role>', ROLES.join(', '))
    .action((who: string, role: string, options: JsonOption) =>
      withNode(ctx => {
        const wanted = ROLES.find(one => one === role)
        if (!wanted) throw new Refusal('invalid', `“${role}” is no role. There are: ${ROLES.join(', ')}.`)
        const { id, name } = findSteward(ctx, who)
        changeRole(ctx, id, wanted)
        print({ id, name, role: wanted }, options.json, () => `${name} is ${wanted} now.`)
      }),
    )
  jsonOption(steward.command('remove'))
    .description('end somebody’s being a steward; they are signed out at once, and their apps too')
    .argument('<who>', 'name or number')
    .requiredOption('--yes <name>', 'the steward’s name once more, because this can’t be taken back')
    .action((who: string, options: JsonOption & { yes: string }) =>
      withNode(ctx => {
        const { id, name } = findSteward(ctx, who)
        if (foldName(options.yes) !== name) throw new Refusal('invalid', `Behind --yes must stand ${name}.`)
        removeSteward(ctx, id)
        print({ id, name }, options.json, () => `${name} is a steward no more.`)
      }),
    )
  jsonOption(steward.command('reset-password'))
    .description('make a link by which a steward chooses a new password')
    .argument('<who>', 'name or number')
    .action((who: string, options: JsonOption) => withNode(ctx => tellLink(ctx, offerReset(ctx, findSteward(ctx, who).id), options)))
  jsonOption(steward.command('sign-out'))
    .description('end all sessions of a steward')
    .argument('<who>', 'name or number')
    .action((who: string, options: JsonOption) =>
      withNode(ctx => {
        const { id, name } = findSteward(ctx, who)
        const ended = revokeSessions(ctx, id, {})
        print({ id, name, ended }, options.json, () => `${name} is signed out (${ended} sessions).`)
      }),
    )
  jsonOption(steward.command('totp-disable'))
    .description('ask a steward for the password only, when the device with the one-time codes is lost')
    .argument('<who>', 'name or number')
    .action((who: string, options: JsonOption) =>
      withNode(ctx => {
        const { id, name } = findSteward(ctx, who)
        disableTotp(ctx, id)
        print({ id, name }, options.json, () => `${name} signs in with the password alone now.`)
      }),
    )
}

function tellLink({ config }: Context, { id, token, expiresAt }: Offer, { json }: JsonOption): void {
  const link = `${config.publicUrl}/join/${token}`
  print({ id, link, expires: expiresAt }, json, () => link)
  if (!json) say(`Good once, until ${expiresAt.toISOString().slice(0, 16)}Z. Whoever has it can use it.`)
}

async function firstLine(): Promise<string> {
  let text = ''
  for await (const chunk of process.stdin) {
    text += String(chunk)
    if (text.includes('\n')) break
  }
  return text.split(/\r?\n/)[0] ?? ''
}
