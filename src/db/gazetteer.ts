import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import Database from 'better-sqlite3'
import { readTownName, type Town, townsWithin } from '../domain/town.ts'
import { fold } from '../lib/fold.ts'
import { boxAround, kilometresBetween, longitudes, type Point } from '../lib/geo.ts'
import { lazy } from '../lib/lazy.ts'

/** A name on the map, and how great its town is: 0 for a village, 1 from 100,000 people, 2 from a million. */
export type WrittenTown = Point & { name: string; size: 0 | 1 | 2 }

type Row = { id: number; name: string; country: string; admin: string; population: number; latitude: number; longitude: number }

const COLUMNS = 't.id, t.name, t.country, t.admin, t.population, t.latitude, t.longitude'
const MOST_MEANT = 8
const SHORTEST_BEGINNING = 3
const LANDMARK = { people: 100_000, km: 150 }
/** Two names within this distance are one town to somebody who looks for a community. */
const SAME_KM = 15
/** How far from its middle a point is still “in” a town, in kilometres. */
const IN_TOWN_KM = 8
/** As far as rounding an address may move the middle of a town. */
const MIDDLE_KM = 0.8

/**
 * The towns a text may mean, by any of their names, greatest first: those of exactly this name, or else those whose name begins so.
 * None where the node was built without a gazetteer.
 * @param language that of the names given back, such as de
 */
export function townsNamed(text: string, language: string): Town[] {
  const open = gazetteer()
  const { name, within } = readTownName(text)
  const sought = plain(fold(name.slice(0, 100)))
  if (!open || sought === '') return []
  const exact = open.named.all(sought) as Row[]
  const rows = exact.length > 0 || sought.length < SHORTEST_BEGINNING ? exact : (open.beginning.all(sought, `${sought}\u{10FFFF}`) as Row[])
  const towns = rows.map(row => row as Row & Town)
  const meant = townsWithin(apart(towns), within, language).slice(0, MOST_MEANT) as Row[]
  return meant.map(town => describe(town, language, meant.length > 1))
}

/** What the place at a point is called: the greatest town in whose middle it lies, or around it. */
export function townAt(point: Point, language: string): string | undefined {
  const open = gazetteer()
  if (!open) return undefined
  const around = openBox(open.around, point, IN_TOWN_KM, 0)
  const distance = (town: Point) => kilometresBetween(point, town)
  // Who chose a suburb by its name means the suburb.
  const middle = around.filter(town => distance(town) < MIDDLE_KM)
  const found = (middle.length > 0 ? middle : around).toSorted((a, b) => b.population - a.population)[0]
  return found && nameIn(found, language)
}

/** The names with room on a part of the map, at a zoom of web maps: greatest first. */
export function townsOnMap(
  { west, south, east, north }: { west: number; south: number; east: number; north: number },
  zoom: number,
  language: string,
): WrittenTown[] {
  const open = gazetteer()
  if (!open) return []
  return longitudes({ west, south, east, north })
    .flatMap(([from, to]) => open.written.all({ zoom, south, north, from, to, language }) as Row[])
    .map(({ name, latitude, longitude, population }) => ({ name, latitude, longitude, size: sizeOf(population) }))
}

function sizeOf(population: number): WrittenTown['size'] {
  return population >= 1_000_000 ? 2 : population >= LANDMARK.people ? 1 : 0
}

function describe(town: Row, language: string, alike: boolean): Town {
  const { country, admin, population, latitude, longitude } = town
  const near = alike && !admin && population < LANDMARK.people ? landmark(town) : undefined
  return {
    name: nameIn(town, language),
    country,
    ...(admin ? { admin } : {}),
    population,
    latitude,
    longitude,
    ...(near ? { near: nameIn(near, language) } : {}),
  }
}

function landmark(town: Row): Row | undefined {
  const open = gazetteer()!
  const distance = (other: Point) => kilometresBetween(town, other)
  return openBox(open.around, town, LANDMARK.km, LANDMARK.people)
    .filter(other => other.id !== town.id && other.country === town.country)
    .toSorted((a, b) => distance(a) - distance(b))[0]
}

function openBox(around: Database.Statement, centre: Point, km: number, people: number): Row[] {
  const box = boxAround(centre, km)
  return longitudes(box)
    .flatMap(([from, to]) => around.all(box.south, box.north, from, to, people) as Row[])
    .filter(town => kilometresBetween(centre, town) <= km)
}

/** One of those that lie side by side under one name: the greatest. */
function apart<T extends Row>(rows: readonly T[]): T[] {
  const kept: T[] = []
  for (const row of rows) if (!kept.some(other => kilometresBetween(other, row) < SAME_KM)) kept.push(row)
  return kept
}

function nameIn({ id, name }: Row, language: string): string {
  const other = gazetteer()!.nameIn.get(id, language.slice(0, 2)) as { name: string } | undefined
  return other?.name ?? name
}

// As it was when the gazetteer was written, in scripts/ready/gazetteer.mjs.
function plain(folded: string): string {
  return folded.replace(/[\s.'’`ʻ-]+/g, ' ').trim()
}

const gazetteer = lazy(() => {
  const file = gazetteerFile()
  if (!file) return undefined
  const db = new Database(file, { readonly: true, fileMustExist: true })
  return {
    named: db.prepare(
      `SELECT DISTINCT ${COLUMNS} FROM names n JOIN towns t ON t.id = n.town WHERE n.fold = ? ORDER BY t.population DESC LIMIT 40`,
    ),
    beginning: db.prepare(
      `SELECT DISTINCT ${COLUMNS} FROM names n JOIN towns t ON t.id = n.town WHERE n.fold >= ? AND n.fold < ?
       ORDER BY t.population DESC LIMIT 40`,
    ),
    around: db.prepare(
      `SELECT ${COLUMNS} FROM towns t WHERE t.latitude BETWEEN ? AND ? AND t.longitude BETWEEN ? AND ? AND t.population >= ?`,
    ),
    written: db.prepare(
      `SELECT coalesce(n.name, t.name) AS name, t.latitude, t.longitude, t.population
       FROM towns t LEFT JOIN names n ON n.town = t.id AND n.language = :language AND n.language <> ''
       WHERE t.zoom IN (SELECT value FROM json_each('[3,4,5,6,7,8,9]') WHERE value <= :zoom)
         AND t.latitude BETWEEN :south AND :north AND t.longitude BETWEEN :from AND :to
       ORDER BY t.zoom, t.population DESC`,
    ),
    nameIn: db.prepare(`SELECT name FROM names WHERE town = ? AND language = ? AND language <> ''`),
  }
})

// Beside this module where it was built with it, else where the build keeps it.
function gazetteerFile(): string | undefined {
  return ['gazetteer.sqlite', '../../../dist/src/db/gazetteer.sqlite']
    .map(path => fileURLToPath(new URL(path, import.meta.url)))
    .find(file => existsSync(file))
}
