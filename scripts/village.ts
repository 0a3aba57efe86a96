import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { foundCommunity } from '../src/actions/community.ts'
import { followActor } from '../src/actions/following.ts'
import { publishPost } from '../src/actions/post.ts'
import { type App, buildApp } from '../src/app.ts'
import { readConfig } from '../src/config.ts'
import type { Context } from '../src/context.ts'
import { localCommunity } from '../src/db/community.ts'
import { allFollowing } from '../src/db/following.ts'
import { readCharterFile } from '../src/domain/charter.ts'
import { communityIri } from '../src/domain/iri.ts'
import { label } from '../src/domain/vocabulary.ts'
import { lookUp } from '../src/federation/lookup.ts'
import { createLog, openNode } from '../src/node.ts'

// Four dissolved communities, one for each of the themes everybody asks for. Living ones did not ask to be in a demonstration.
const COMMUNITIES = [
  { port: 4101, file: 'brook-farm.json', handle: 'brookfarm', post: 'Haymaking on Saturday. Bring a rake and a poem.' },
  { port: 4102, file: 'minerva.yaml', handle: 'minerva', post: 'High tide at noon; the platform stays above water.' },
  { port: 4103, file: 'monte-verita.yaml', handle: 'monteverita', post: 'Dances on the hill at sunrise, whatever the weather.' },
  { port: 4104, file: 'ephrata-cloister.yaml', handle: 'ephrata', post: 'A new hymn has been copied and is sung tonight.' },
]

type Villager = { ctx: Context; app: App; handle: string; post: string }

async function settleDown(dataDir: string, { port, file, handle, post }: (typeof COMMUNITIES)[number]): Promise<Villager> {
  const config = readConfig({ PORT: String(port), DATA_DIR: join(dataDir, handle), ALLOW_PRIVATE_ADDRESSES: 'true', LOG_LEVEL: 'warn' })
  const ctx = openNode(config, createLog(config))
  const charter = readCharterFile(readFileSync(resolve('examples', file), 'utf8'), file)
  if (!localCommunity(ctx.db)) foundCommunity(ctx, charter, handle)
  const app = buildApp(ctx)
  await app.server.listen(config.listen)
  app.start()
  return { ctx, app, handle, post }
}

async function meetTheOthers({ ctx, app, post }: Villager, others: Villager[]): Promise<void> {
  const newcomer = allFollowing(ctx.db).length === 0
  for (const { ctx: other, handle } of others) {
    const { id } = await lookUp(app.federation, communityIri(other.config.publicUrl, handle))
    followActor(ctx, id)
  }
  if (newcomer) publishPost(ctx, post)
}

function readArguments(): { keep?: string } {
  try {
    const { values } = parseArgs({ options: { keep: { type: 'string' }, help: { type: 'boolean' } } })
    if (!values.help) return values.keep === undefined ? {} : { keep: values.keep }
    process.stdout.write(
      'npm run village [-- --keep DIR]\nStarts four communities of history that follow each other. --keep DIR keeps their data.\n',
    )
    process.exit(0)
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\nnpm run village -- --help says what there is.\n`)
    process.exit(2)
  }
}

async function main(): Promise<void> {
  const values = readArguments()
  const dataDir = values.keep === undefined ? mkdtempSync(join(tmpdir(), 'archipelago-village-')) : resolve(values.keep)
  const villagers: Villager[] = []
  for (const community of COMMUNITIES) villagers.push(await settleDown(dataDir, community))
  for (const villager of villagers)
    await meetTheOthers(
      villager,
      villagers.filter(other => other !== villager),
    )

  const lines = villagers.map(({ ctx, handle }) => {
    const charter = readCharterFile(readFileSync(resolve('examples', COMMUNITIES.find(it => it.handle === handle)!.file), 'utf8'), handle)
    return `  ${ctx.config.publicUrl}  ${`@${handle}@${ctx.config.host}`.padEnd(28)} ${charter.name} (${label('theme', charter.theme).toLowerCase()})`
  })
  process.stdout.write(
    `Four communities of history follow each other:\n${lines.join('\n')}\n\nSearch at any of them, for example:\n  http://localhost:4104/?q=farm\n  curl 'http://localhost:4102/api/directory?theme=anarchist'\n\n${values.keep === undefined ? 'Their data are forgotten at the end (--keep DIR keeps them).' : `Their data are in ${dataDir}.`} Ctrl-C stops them all.\nThe village is ready.\n`,
  )

  let stopping = false
  const stop = async () => {
    if (stopping) return
    stopping = true
    await Promise.all(villagers.map(({ app }) => app.stop()))
    for (const { ctx } of villagers) ctx.db.$client.close()
    if (values.keep === undefined) rmSync(dataDir, { recursive: true, force: true })
    process.exit(0)
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void stop())
}

await main()
