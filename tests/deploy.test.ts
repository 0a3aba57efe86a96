import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import ipaddr from 'ipaddr.js'
import t from 'tap'
import { parse } from 'yaml'
import { Environment, readConfig } from '../src/config.ts'
import { checkout } from './helpers/sources.ts'

type Step = { word: string; args: string; flags: Record<string, string>; list?: string[] }
type Stage = { name: string; image: string; steps: Step[] }
type Service = {
  image?: string
  build?: string
  user?: string
  ports?: string[]
  volumes?: string[]
  networks?: string[]
  environment?: Record<string, string>
  restart?: string
  privileged?: boolean
  network_mode?: string
  cap_drop?: string[]
  security_opt?: string[]
  depends_on?: Record<string, { condition: string }>
  profiles?: string[]
  command?: string[]
  configs?: { source: string; target: string }[]
  deploy?: { resources: { limits: { memory: string; cpus: string } } }
}
type Compose = {
  services: Record<string, Service>
  volumes: Record<string, unknown>
  configs: Record<string, { file: string }>
  networks: Record<string, { ipam: { config: { subnet: string }[] } }>
}

const read = (path: string) => readFileSync(join(checkout, path), 'utf8')
const compose = parse(read('docker-compose.yml'), { merge: true }) as Compose
const { archipelago: node, caddy, litestream } = compose.services as Record<'archipelago' | 'caddy' | 'litestream', Service>
// The same reading of the Dockerfile that scripts/dockerfile-steps.mjs carries out.
const dockerfile = (await import(pathToFileURL(join(checkout, 'scripts/dockerfile.mjs')).href)) as { parse(text: string): Stage[] }
const stages = dockerfile.parse(read('Dockerfile'))
const last = stages.at(-1)!
const steps = (word: string) => last.steps.filter(step => step.word === word)

/** A value as Compose fills it in. Throws where a variable must be given and is not. */
function fill(text: string, env: Record<string, string> = {}): string {
  return text.replace(/\$\{(\w+)(?::([-?])([^}]*))?\}/g, (_, name: string, kind: string, rest: string) => {
    if (env[name]) return env[name]
    if (kind === '-') return rest
    throw new Error(rest || `${name} is not set`)
  })
}

t.test('only Caddy can be reached from outside, on the ports of the web', async t => {
  t.strictSame(Object.keys(compose.services).sort(), ['archipelago', 'caddy', 'litestream'])
  t.equal(node.ports, undefined)
  t.strictSame(caddy.ports, ['80:80', '443:443', '443:443/udp'])
  t.equal(litestream.ports, undefined)
  for (const service of [node, caddy, litestream]) t.notOk(service.privileged || service.network_mode)
  t.strictSame(node.networks, caddy.networks, 'they share a network')
})

t.test('each service has limits, starts again by itself and gains no rights', async t => {
  for (const [name, service] of Object.entries(compose.services)) {
    t.match(service.deploy?.resources.limits.memory, /^\d+M$/, `${name}: memory`)
    t.match(service.deploy?.resources.limits.cpus, /^[\d.]+$/, `${name}: processor`)
    t.equal(service.restart, 'unless-stopped', name)
    t.strictSame(service.cap_drop, ['ALL'], name)
    t.strictSame(service.security_opt, ['no-new-privileges:true'], name)
  }
})

t.test('the node keeps its data in a volume and its certificates outlive Caddy', async t => {
  const [volume, folder] = node.volumes![0]!.split(':')
  t.equal(folder, environment().DATA_DIR)
  t.equal(folder, steps('VOLUME')[0]?.args)
  const named = new Set([...node.volumes!, ...caddy.volumes!, ...litestream.volumes!].map(entry => entry.split(':')[0]!))
  t.strictSame([...named].sort(), Object.keys(compose.volumes).sort())
  t.ok(volume)
  t.match(caddy.volumes, [/:\/data$/])
})

t.test('what Compose gives the node are settings it has, and it accepts them', async t => {
  t.throws(() => Object.values(node.environment!).map(value => fill(value)), /DOMAIN/, 'without a domain it says what to do')
  const given = Object.fromEntries(
    Object.entries(node.environment!).map(([name, value]) => [name, fill(value, { DOMAIN: 'brook.example' })]),
  )
  const all = { ...environment(), ...given }
  for (const name of Object.keys(given)) t.ok(name in Environment.shape, name)
  const config = Environment.parse(Object.fromEntries(Object.entries(all).filter(([name]) => name in Environment.shape)))
  t.equal(config.PUBLIC_URL, 'https://brook.example')
  t.equal(config.ALLOW_PRIVATE_ADDRESSES, false)
  const subnet = fill(compose.networks.inside!.ipam.config[0]!.subnet)
  t.strictSame(config.TRUST_PROXY, [subnet], 'the proxy that is believed is the one in its network')
  t.equal(ipaddr.parse(subnet.split('/')[0]!).range(), 'private')
})

t.test('Caddy passes on to the port the node listens on, once the node is well', async t => {
  t.equal(caddy.depends_on?.archipelago?.condition, 'service_healthy')
  const { source, target } = caddy.configs![0]!
  t.equal(target, '/etc/caddy/Caddyfile')
  const caddyfile = read(compose.configs[source]!.file)
  t.match(caddyfile, `reverse_proxy archipelago:${environment().PORT}`)
  t.match(caddyfile, /^\{\$DOMAIN\} \{$/m)
  t.match(caddy.environment, { DOMAIN: /^\$\{DOMAIN:\?/ })
})

t.test('Litestream runs only when it is asked for, and copies the database the node writes', async t => {
  t.strictSame(litestream.profiles, ['litestream'])
  t.strictSame(litestream.volumes, node.volumes)
  const { source, target } = litestream.configs![0]!
  t.strictSame(litestream.command, ['replicate', '-config', target])
  const { dbs, snapshot } = parse(read(compose.configs[source]!.file)) as {
    dbs: { path: string; replica: { url: string } }[]
    snapshot: { retention: string }
  }
  t.strictSame(
    dbs.map(({ path }) => path),
    [readConfig({ DATA_DIR: environment().DATA_DIR }).database],
  )
  const names = [...read(compose.configs[source]!.file).matchAll(/^[^#\n]*\$\{(\w+)\}/gm)].map(match => match[1]!)
  for (const name of names) t.ok(name in litestream.environment!, `${name} reaches it`)
  for (const value of Object.values(litestream.environment!)) t.equal(fill(value), '', 'nobody else must set anything')
  t.equal(snapshot.retention, '168h')
  // The user "node" of the image.
  t.equal(litestream.user, '1000:1000')
  t.equal(steps('USER')[0]?.args, 'node')
})

t.test('the image runs as nobody special, with its health checked and no compiler', async t => {
  t.match(last.image, /^node:20-.*slim$/)
  t.match(steps('USER')[0]?.args, /^(?!root|0)/)
  t.ok(
    last.steps.findIndex(step => step.word === 'USER') > last.steps.findLastIndex(step => step.word === 'RUN'),
    'nothing runs as root afterwards but the build',
  )
  t.equal(steps('HEALTHCHECK')[0]?.list?.[0], 'node')
  t.strictSame(steps('CMD')[0]?.list, ['node', 'bin/archipelago.js', 'serve'])
  t.equal(steps('EXPOSE')[0]?.args, environment().PORT)
  t.notMatch(last.steps.map(({ args }) => args).join('\n'), /apt-get|npm/)
  t.strictSame(
    steps('COPY')
      .filter(({ flags }) => !flags.from)
      .flatMap(({ args }) => args.split(' ').slice(0, -1))
      .sort(),
    ['LICENSE', 'bin', 'migrations', 'package.json'],
  )
})

t.test('the builder gets what the Dockerfile copies and nothing else', async t => {
  const [first, ...kept] = read('.dockerignore')
    .split('\n')
    .filter(line => line && !line.startsWith('#'))
  t.equal(first, '*')
  const copied = stages
    .flatMap(stage => stage.steps)
    .filter(({ word, flags }) => word === 'COPY' && !flags.from)
    .flatMap(({ args }) => args.split(' ').slice(0, -1))
  t.strictSame(kept.map(line => line.replace(/^!/, '')).sort(), [...new Set(copied)].sort())
  for (const path of copied) t.ok(existsSync(join(checkout, path)), path)
})

function environment(): Record<string, string> {
  return Object.fromEntries(steps('ENV').flatMap(({ args }) => args.split(/\s+/).map(pair => pair.split('=') as [string, string])))
}
