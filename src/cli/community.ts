import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { type Command, Option } from 'commander'
import { changeSettings, foundCommunity } from '../actions/community.ts'
import { allowInquiries } from '../actions/inquiry.ts'
import { rotateKeys } from '../actions/node.ts'
import { changeQuotePolicy, quotePolicy } from '../actions/quote.ts'
import { localCommunity, theCommunity } from '../db/community.ts'
import { takesInquiries } from '../db/inquiry.ts'
import { type Charter, readCharterFile } from '../domain/charter.ts'
import { suggestHandle } from '../domain/community.ts'
import { communityIri } from '../domain/iri.ts'
import { QUOTE_POLICIES, type QuotePolicy } from '../domain/quote.ts'
import { Refusal } from '../domain/refusal.ts'
import { askForCommunity } from './ask.ts'
import { print, say, table } from './output.ts'
import { type JsonOption, jsonOption, withFederation, withNode } from './run.ts'

/** @throws Refusal when the file can't be read, or is no charter */
export function charterFromFile(path: string): Charter {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch {
    throw new Refusal('missing', `The file ${path} can’t be read. Is the name right?`)
  }
  return readCharterFile(text, basename(path))
}

const yesOrNo = (flags: string, words: string) => new Option(flags, words).choices(['yes', 'no'])

export function communityCommands(program: Command): void {
  jsonOption(program.command('setup'))
    .description('found the community of this node')
    .option('--charter <file>', 'its charter as JSON or YAML; without it the questions are asked here')
    .option('--handle <name>', 'the name others follow it by: a-z, 0-9 and _')
    .addOption(yesOrNo('--listed <yes|no>', 'may it be found in directories and searches').default('yes'))
    .action((options: JsonOption & { charter?: string; handle?: string; listed: string }) =>
      withNode(async ctx => {
        const standing = localCommunity(ctx.db)
        if (standing)
          throw new Refusal(
            'conflict',
            `This node already has a community, @${standing.handle}@${ctx.config.host}. A new edition of its charter: npx archipelago charter publish FILE`,
          )
        const asked = options.charter === undefined ? await askForCommunity(options.handle) : undefined
        const charter = asked?.charter ?? charterFromFile(options.charter!)
        const handle = asked?.handle ?? options.handle ?? suggestHandle(charter.name)
        foundCommunity(ctx, charter, handle, { listed: asked?.listed ?? options.listed === 'yes' })
        const actor = communityIri(ctx.config.publicUrl, handle)
        const address = `@${handle}@${ctx.config.host}`
        print({ address, actor, name: charter.name }, options.json, () => `${charter.name} is founded: ${address}\n${actor}`)
        if (!options.json)
          say(
            `Run the node with npm start. ${options.listed === 'no' || asked?.listed === false ? 'It stands in no directory.' : 'It may be found in directories; npx archipelago settings --listed no takes it out.'}`,
          )
      }, true),
    )

  jsonOption(program.command('settings'))
    .description('show or change how the community behaves')
    .addOption(yesOrNo('--listed <yes|no>', 'may it be found in directories and searches'))
    .addOption(yesOrNo('--theme-in-name <yes|no>', 'theme and kind stand in the display name, where other servers search'))
    .addOption(yesOrNo('--approve-followers <yes|no>', 'a follower waits until the steward accepts it'))
    .addOption(yesOrNo('--inquiries <yes|no>', 'may strangers write to the community from its page'))
    .addOption(new Option('--quotes <who>', 'who may quote posts elsewhere without being asked about it').choices(QUOTE_POLICIES))
    .action(
      (
        options: JsonOption & {
          listed?: string
          themeInName?: string
          approveFollowers?: string
          inquiries?: 'yes' | 'no'
          quotes?: QuotePolicy
        },
      ) =>
        withNode(ctx => {
          const wish = { listed: options.listed, themeInName: options.themeInName, approvesFollowers: options.approveFollowers }
          const changes = Object.fromEntries(
            Object.entries(wish).flatMap(([name, value]) => (value === undefined ? [] : [[name, value === 'yes']])),
          )
          if (Object.keys(changes).length > 0) changeSettings(ctx, changes)
          if (options.quotes) changeQuotePolicy(ctx, options.quotes)
          if (options.inquiries) allowInquiries(ctx, options.inquiries)
          const { listed, themeInName, approvesFollowers } = theCommunity(ctx.db)
          const inquiries = takesInquiries(ctx.db)
          const choices = {
            '--listed': listed,
            '--theme-in-name': themeInName,
            '--approve-followers': approvesFollowers,
            '--inquiries': inquiries,
          }
          const rows = Object.entries(choices)
          const quotes = quotePolicy(ctx.db)
          print({ listed, themeInName, approvesFollowers, inquiries, quotes }, options.json, () =>
            table([...rows.map(([name, value]) => [name, value ? 'yes' : 'no']), ['--quotes', quotes]]),
          )
        }),
    )

  const move = program.command('move').description('take the followers along to another address')
  jsonOption(move.command('from'))
    .description('at the new node: say that this community used to be another, so that its followers may come')
    .argument('<who>', 'its old handle or address')
    .action((who: string, options: JsonOption) =>
      withFederation(async federation => {
        const id = await (await import('../federation/machine.ts')).moveFrom(federation, who)
        print(
          { former: id },
          options.json,
          () =>
            `This community says now that it used to be ${id}. At that node: npx archipelago move to ${communityIri(federation.ctx.config.publicUrl, theCommunity(federation.ctx.db).handle)}`,
        )
      }),
    )
  jsonOption(move.command('to'))
    .description('at the old node: tell all followers where the community is now')
    .argument('<who>', 'its new handle or address')
    .action((who: string, options: JsonOption) =>
      withFederation(async federation => {
        const successor = await (await import('../federation/machine.ts')).moveTo(federation, who)
        print({ successor }, options.json, () => `All followers are told that the community is ${successor} now.`)
      }),
    )

  const keys = program.command('keys').description('the keys the community signs with')
  jsonOption(keys.command('rotate'))
    .description('sign with new keys from now on; followers stay')
    .action((options: JsonOption) =>
      withNode(ctx => {
        const ids = rotateKeys(ctx)
        print({ keys: ids }, options.json, () => `Signing with new keys from now on:\n${ids.join('\n')}`)
      }),
    )
  jsonOption(keys.command('recovery'))
    .description('show the secret of the recovery key, once: write it down and keep it where the node is not')
    .action((options: JsonOption) =>
      withFederation(async federation => {
        const { id, secret } = (await import('../federation/recovery.ts')).tellRecoveryKey(federation)
        print({ id, secret }, options.json, () => `${id}\n${secret}`)
        if (!options.json)
          say('Keep the second line safe, away from this node, which has forgotten it now. It is needed only if all other keys are lost.')
      }),
    )
  jsonOption(keys.command('recover'))
    .description('after a new setup at the old address: let the recovery key say that the new keys are the community’s')
    .argument('<secret>', 'what keys recovery once showed')
    .action((secret: string, options: JsonOption) =>
      withFederation(async federation => {
        const id = (await import('../federation/recovery.ts')).recover(federation, secret)
        print({ id }, options.json, () => `${id} signs the next entry. Other nodes take the new keys for the community’s after seven days.`)
      }),
    )
}
