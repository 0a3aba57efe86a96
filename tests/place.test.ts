import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { publicCharter, shownPrecision } from '../src/domain/charter.ts'
import { coarserOf, Place, publicPlace } from '../src/domain/place.ts'
import { PRECISIONS, type Precision } from '../src/domain/vocabulary.ts'
import { aCharter, charters, place, point } from './helpers/charters.ts'

const everything = { country: 'ES', region: 'Aragón', locality: 'Ainsa', street: 'Calle Mayor 3', latitude: 42.415678, longitude: 0.140123 }
const precisions = fc.constantFrom(...PRECISIONS)
const degrees = { street: 0.005, locality: 0.1, region: 0.5 }

t.test('each precision shows so much and no more', async t => {
  const { country, region, locality, street } = everything
  const table: [Precision, object][] = [
    ['exact', everything],
    ['street', { country, region, locality, street, latitude: 42.4175, longitude: 0.1425 }],
    ['locality', { country, region, locality, latitude: 42.45, longitude: 0.15 }],
    ['region', { country, region, latitude: 42.25, longitude: 0.25 }],
    ['country', { country }],
    ['hidden', {}],
  ]
  for (const [precision, shown] of table) {
    t.same(publicPlace(Place.parse({ ...everything, precision })), { precision, ...shown }, precision)
    t.same(
      publicPlace(Place.parse({ ...everything, precision: 'exact' }), precision),
      { precision, ...shown },
      `exact, but no finer than ${precision}`,
    )
  }
  t.same(publicPlace(Place.parse(everything)).precision, 'locality', 'unless the steward says otherwise')
})

t.test('two points of one cell cannot be told apart', async t => {
  // Fractions of a cell, kept a little from its edges: a charter's coordinates are rounded to a millionth of a degree.
  const inside = fc.double({ min: 0.001, max: 0.999, noNaN: true })
  for (const [precision, size] of Object.entries(degrees)) {
    const [rows, columns] = [90 / size, 180 / size].map(Math.round) as [number, number]
    const cell = fc.record({ row: fc.integer({ min: -rows, max: rows - 1 }), column: fc.integer({ min: -columns, max: columns - 1 }) })
    const property = fc.property(
      cell,
      fc.array(inside, { minLength: 4, maxLength: 4 }),
      ({ row, column }, [a = 0, b = 0, c = 0, d = 0]) => {
        const at = (down: number, across: number) => ({ precision, latitude: (row + down) * size, longitude: (column + across) * size })
        const [one, other] = [at(a, b), at(c, d)].map(spot => publicPlace(Place.parse(spot)))
        assert.deepEqual(one, other)
        const { latitude = Number.NaN, longitude = Number.NaN } = one ?? {}
        assert.ok(
          Math.abs(latitude - (row + 0.5) * size) < 1e-9 && Math.abs(longitude - (column + 0.5) * size) < 1e-9,
          'the centre of the cell',
        )
      },
    )
    t.doesNotThrow(() => fc.assert(property, { numRuns: 100 }))
  }
})

t.test('a cell is at most half its size away, and its centre lies on earth with four decimals', async t => {
  const property = fc.property(point(), fc.constantFrom(...(Object.keys(degrees) as (keyof typeof degrees)[])), (spot, precision) => {
    const { latitude = Number.NaN, longitude = Number.NaN } = publicPlace(Place.parse({ ...spot, precision }))
    const half = degrees[precision] / 2 + 1e-6
    const around = Math.abs(longitude - spot.longitude)
    assert.ok(Math.abs(latitude - spot.latitude) <= half && Math.min(around, 360 - around) <= half)
    assert.ok(Math.abs(latitude) < 90 && Math.abs(longitude) < 180)
    assert.match(`${latitude} ${longitude}`, /^-?\d+\.\d{1,4} -?\d+\.\d{1,4}$/)
  })
  t.doesNotThrow(() => fc.assert(property, { numRuns: 200 }))
})

t.test('at the poles, on the date line and on the edges of cells', async t => {
  const shown = (latitude: number, longitude: number, precision: Precision) => {
    const spot = publicPlace(Place.parse({ latitude, longitude, precision }))
    return [spot.latitude, spot.longitude]
  }
  t.same(shown(90, 0, 'locality'), [89.95, 0.05])
  t.same(shown(-90, 0, 'locality'), [-89.95, 0.05])
  t.same(shown(90, 180, 'region'), [89.75, -179.75])
  t.same(shown(0, 180, 'street'), [0.0025, -179.9975])
  t.same(shown(0, -180, 'street'), shown(0, 180, 'street'), 'one meridian, one cell')
  t.same(shown(-0, -0, 'locality'), [0.05, 0.05])
  t.same(shown(4.35, 0.3, 'street'), [4.3525, 0.3025], 'though 4.35 * 200 is 869.9999999999999')
  t.same(shown(-0.1, -0.1, 'locality'), [-0.05, -0.05])
})

t.test('what is shown is shown again without change, and coarsening in steps is coarsening at once', async t => {
  const property = fc.property(charters(), precisions, precisions, (charter, one, other) => {
    const shown = publicCharter(charter, one)
    assert.deepEqual(publicCharter(shown), shown)
    assert.deepEqual(publicCharter(shown, one), shown)
    assert.deepEqual(publicCharter(shown, other), publicCharter(charter, coarserOf(one, other)))
  })
  t.doesNotThrow(() => fc.assert(property, { numRuns: 200 }))
})

t.test('a public charter differs from its own only in the place, and is never finer than asked', async t => {
  const property = fc.property(place(), precisions, (written, coarsest) => {
    const charter = aCharter({ place: Place.parse(written) })
    const { place: shown, ...rest } = publicCharter(charter, coarsest)
    const { place: own, ...same } = charter
    assert.deepEqual(rest, same)
    assert.equal(shown?.precision, coarserOf(own?.precision ?? 'exact', coarsest))
    if (shown?.precision === 'hidden') assert.deepEqual(shown, { precision: 'hidden' })
  })
  t.doesNotThrow(() => fc.assert(property, { numRuns: 100 }))
  t.same(publicCharter(aCharter(), 'hidden'), aCharter(), 'a community without a place')
})

t.test('old editions are shown as coarsely as the current one', async t => {
  const old = aCharter({ place: Place.parse({ ...everything, precision: 'exact' }) })
  const current = aCharter({ place: Place.parse({ ...everything, precision: 'country' }) })
  t.same(publicCharter(old, shownPrecision(current)).place, { precision: 'country', country: 'ES' })
  t.same(publicCharter(old, shownPrecision(aCharter())).place, { precision: 'hidden' }, 'the current edition names no place any more')
})
