import canonicalize from 'canonicalize'
import fc from 'fast-check'
import t from 'tap'
import { canonical } from '../src/lib/canonical.ts'

/** A value with its members in canonical order, as it comes from another node. */
const inOrder = (value: unknown) => JSON.parse(canonicalize(value)!) as unknown

t.test('the canonical form is that of RFC 8785, whether the members came in order or not', async t => {
  fc.assert(
    fc.property(fc.jsonValue({ depthSize: 'medium' }), value => {
      const text = canonicalize(value)
      return canonical(value) === text && canonical(inOrder(value)) === text
    }),
  )
  const names = { '10': 1, '9': 2, é: [3, { '\u{1f600}': '\u2028"\\ud800', '\ufb33': -0 }], a: 1e21, b: 0.000001, '': null }
  t.equal(canonical(names), canonicalize(names))
  t.equal(canonical(inOrder(names)), canonicalize(names))
})

t.test('what has no canonical form has none', async t => {
  for (const value of ['\ud800', { a: '\udfff' }, { '\ud800': 1 }, [Number.NaN], { a: Number.POSITIVE_INFINITY }])
    t.throws(() => canonical(value), JSON.stringify(value))
  t.equal(canonical(undefined), undefined)
})

t.test('what is left out of JSON is left out, and dates are texts', async t => {
  const value = { a: undefined, b: [undefined, new Date(0)], c: new Date(0) }
  t.equal(canonical(value), '{"b":[null,"1970-01-01T00:00:00.000Z"],"c":"1970-01-01T00:00:00.000Z"}')
})
