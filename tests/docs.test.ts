import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t from 'tap'
import { Environment } from '../src/config.ts'
import { checkout } from './helpers/sources.ts'

const read = (path: string) => readFileSync(join(checkout, path), 'utf8')
const settings = Object.keys(Environment.shape).sort()
const defaults: Record<string, unknown> = Environment.parse({})
const manifest = JSON.parse(read('package.json')) as Record<
  'dependencies' | 'devDependencies' | 'overrides' | 'scripts',
  Record<string, unknown>
>
const pages = ['', 'docs', 'docs/adr', 'examples', 'tests/vectors']
  .filter(folder => existsSync(join(checkout, folder)))
  .flatMap(folder => readdirSync(join(checkout, folder)).map(name => join(folder, name)))
  .filter(path => path.endsWith('.md'))

t.test('docs/configuration.md lists exactly the settings there are, with their defaults', async t => {
  const rows = [...read('docs/configuration.md').matchAll(/^\| `([A-Z_]+)` \| (?:`([^`]*)`|none) \|/gm)]
  t.strictSame(rows.map(([, name]) => name).sort(), settings)
  for (const [, name, shown = ''] of rows) {
    if (name === 'DATA_DIR' || name === 'PUBLIC_URL') continue
    t.equal(shown, String(defaults[name!] ?? ''), `the default of ${name}`)
  }
})

t.test('.env.example names exactly the settings there are, with their defaults, and sets none', async t => {
  const lines = read('.env.example').split('\n')
  t.strictSame(
    lines.filter(line => /^\s*[^#\s]/.test(line)),
    [],
  )
  const shown = new Map(lines.flatMap(line => [...line.matchAll(/^# ([A-Z_]+)=(.*)$/g)].map(([, name, value]) => [name!, value!] as const)))
  const forCompose = [...new Set([...read('docker-compose.yml').matchAll(/\$\{([A-Z_]+)/g)].map(match => match[1]!))]
  t.strictSame([...shown.keys()].sort(), [...new Set([...settings, ...forCompose])].sort())
  const file = Object.fromEntries([...shown].filter(([name, value]) => settings.includes(name) && name !== 'PUBLIC_URL' && value !== ''))
  t.strictSame(Environment.parse(file), defaults)
})

t.test('ADR 5 says of each dependency why it is there', async t => {
  const adr = read('docs/adr/0005-dependencies.md')
  const named = adr
    .split('\n')
    .flatMap(line => (/^- (`[^`]+`,? ?)+:/.test(line) ? [...line.split(':')[0]!.matchAll(/`([^`]+)`/g)].map(match => match[1]!) : []))
  t.strictSame(named.sort(), [...Object.keys(manifest.dependencies), ...Object.keys(manifest.devDependencies)].sort())
  for (const name of Object.keys(manifest.overrides)) t.match(adr, `\`${name}\``, `the override of ${name}`)
})

t.test('every link leads somewhere', async t => {
  t.strictSame(pages.flatMap(brokenLinks), [])
})

t.test('every file that is named is there', async t => {
  const name = /`((?:src|tests|scripts|docs|bench|examples|migrations|deploy|\.ci)\/[\w./-]+)`/g
  const missing = pages.flatMap(page =>
    [...read(page).matchAll(name)].filter(([, path]) => !existsSync(join(checkout, path!))).map(([, path]) => `${page}: ${path}`),
  )
  t.strictSame(missing, [])
})

t.test('every command that is named is there', async t => {
  const texts = [...pages, 'docker-compose.yml'].map(read).join('\n')
  const scripts = new Set([...texts.matchAll(/\bnpm run ([a-z:]+)/g)].map(match => match[1]!))
  t.strictSame(
    [...scripts].filter(script => !manifest.scripts?.[script]),
    [],
  )
  const help = execFileSync('env', ['-u', 'NODE_OPTIONS', process.execPath, 'bin/archipelago.js', '--help'], {
    cwd: checkout,
    encoding: 'utf8',
  })
  const commands = new Set([...texts.matchAll(/\b(?:npx archipelago|exec archipelago archipelago) ([a-z]+)/g)].map(match => match[1]!))
  t.ok(commands.size > 0)
  t.strictSame(
    [...commands].filter(command => !new RegExp(`^  ${command}\\b`, 'm').test(help)),
    [],
  )
})

t.test('the changelog speaks of the coming version, the licence is the one package.json names', async t => {
  t.match(read('CHANGELOG.md'), /^## Unreleased$/m)
  t.match(read('LICENSE'), /GNU AFFERO GENERAL PUBLIC LICENSE\s+Version 3, 19 November 2007/)
})

function brokenLinks(page: string): string[] {
  const prose = read(page).replace(/```.*?```/gs, '')
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(match => match[1]!)
    .filter(link => !/^[a-z]+:/.test(link) && !leadsSomewhere(page, link))
    .map(link => `${page}: ${link}`)
}

function leadsSomewhere(page: string, link: string): boolean {
  const [path = '', anchor] = link.split('#')
  const target = path === '' ? page : join(dirname(page), path)
  if (!existsSync(join(checkout, target))) return false
  return anchor === undefined || headings(read(target)).includes(anchor)
}

/** What a heading is called in a link, as code forges make it. */
function headings(text: string): string[] {
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )
}
