import t from 'tap'
import { foundNode } from '../src/actions/node.ts'
import { readConfig } from '../src/config.ts'
import { startNode } from './helpers/node.ts'

t.test('without any setting a node is at localhost, port 3000', async t => {
  t.match(readConfig({}), {
    publicUrl: 'http://localhost:3000',
    host: 'localhost:3000',
    listen: { host: '127.0.0.1', port: 3000 },
    allowPrivateAddresses: false,
    logLevel: 'info',
    trustProxy: [],
  })
  t.match(readConfig({ PORT: '4201' }), { publicUrl: 'http://localhost:4201' })
  t.match(readConfig({ PUBLIC_URL: 'https://Oak.Example/', PORT: '' }), { publicUrl: 'https://oak.example', host: 'oak.example' })
  t.match(readConfig({ TRUST_PROXY: '127.0.0.1, 10.0.0.0/8' }), { trustProxy: ['127.0.0.1', '10.0.0.0/8'] })
})

t.test('a wrong value stops the start with one clear line', async t => {
  const cases: [Record<string, string>, RegExp][] = [
    [{ PORT: 'x' }, /^PORT must be a number/],
    [{ PORT: '70000' }, /^PORT /],
    [{ PUBLIC_URL: 'oak.example' }, /^PUBLIC_URL must be an address such as https/],
    [{ PUBLIC_URL: 'https://oak.example/path' }, /without a path/],
    [{ PUBLIC_URL: 'https://user:pw@oak.example' }, /^PUBLIC_URL /],
    [{ PUBLIC_URL: 'ftp://oak.example' }, /^PUBLIC_URL /],
    [{ ALLOW_PRIVATE_ADDRESSES: 'yes' }, /^ALLOW_PRIVATE_ADDRESSES must be true or false/],
    [{ TRUST_PROXY: '1' }, /never a number/],
    [{ TRUST_PROXY: 'example.org' }, /must be IP addresses/],
    [{ LOG_LEVEL: 'loud' }, /^LOG_LEVEL /],
    [{ LOG_LEVEL: 'loud', PORT: 'x' }, /PORT .*; LOG_LEVEL /],
  ]
  for (const [env, message] of cases) {
    t.throws(() => readConfig(env), { message }, JSON.stringify(env))
    try {
      readConfig(env)
    } catch (error) {
      t.notMatch((error as Error).message, '\n', 'one line')
    }
  }
})

t.test('a node keeps its address', async t => {
  const file = `${t.testdir()}/node.sqlite`
  const oak = await startNode(t, { file })
  const elsewhere = { ...oak.ctx, config: { ...oak.ctx.config, publicUrl: 'https://other.example' } }
  t.throws(() => foundNode(elsewhere), {
    name: 'Refusal',
    message: new RegExp(`belongs to the node at ${oak.url}, but PUBLIC_URL says https://other.example`),
  })
  foundNode(oak.ctx)
})
