import { pick, type Random, randomNumbers } from './random.ts'

export type Town = { country: string; region: string; locality: string; latitude: number; longitude: number }

// biome-ignore format: a table
const REGIONS: readonly [country: string, region: string, latitude: number, longitude: number, weight: number][] = [
  ['US', 'Oregon', 44.0, -121.5, 9], ['US', 'Virginia', 37.9, -78.2, 9], ['US', 'California', 38.4, -122.6, 12], ['US', 'New York', 42.4, -74.6, 8], ['US', 'Missouri', 38.3, -92.4, 5], ['US', 'Hawaii', 19.6, -155.5, 2],
  ['CA', 'British Columbia', 49.8, -123.9, 6], ['CA', 'Québec', 45.9, -72.5, 4], ['MX', 'Jalisco', 20.4, -103.6, 3], ['MX', 'Chiapas', 16.8, -92.6, 4],
  ['ES', 'Aragón', 42.0, -0.4, 7], ['ES', 'Cataluña', 41.9, 1.8, 8], ['ES', 'Andalucía', 37.1, -4.2, 8], ['ES', 'País Vasco', 43.1, -2.6, 5], ['ES', 'Navarra', 42.7, -1.6, 4],
  ['PT', 'Alentejo', 38.2, -7.9, 5], ['FR', 'Ardèche', 44.7, 4.5, 7], ['FR', 'Bretagne', 48.1, -2.9, 6], ['FR', 'Ariège', 43.0, 1.5, 6], ['DE', 'Berlin', 52.52, 13.4, 14], ['DE', 'Brandenburg', 52.9, 13.9, 9], ['DE', 'Bayern', 48.6, 11.6, 8], ['DE', 'Niedersachsen', 52.7, 10.0, 8], ['DE', 'Sachsen', 51.1, 13.2, 6],
  ['NL', 'Gelderland', 52.1, 5.9, 6], ['BE', 'Vlaanderen', 51.0, 4.2, 4], ['CH', 'Zürich', 47.4, 8.6, 5], ['AT', 'Steiermark', 47.2, 15.2, 4], ['IT', 'Toscana', 43.4, 11.1, 7], ['IT', 'Piemonte', 45.0, 7.9, 5], ['GB', 'Wales', 52.1, -3.8, 7], ['GB', 'Devon', 50.7, -3.8, 6], ['GB', 'Scotland', 57.4, -3.6, 5], ['IE', 'Clare', 52.9, -9.0, 3],
  ['DK', 'Sjælland', 55.5, 11.8, 6], ['SE', 'Skåne', 55.9, 13.6, 4], ['NO', 'Hedmark', 61.2, 11.3, 2], ['FI', 'Uusimaa', 60.4, 24.6, 3], ['PL', 'Śląsk', 50.3, 19.0, 4], ['CZ', 'Morava', 49.3, 16.9, 3], ['HU', 'Baranya', 46.0, 18.2, 2], ['RU', 'Калуга', 54.5, 36.2, 4], ['UA', 'Київ', 50.3, 30.6, 3], ['GR', 'Κρήτη', 35.2, 24.8, 3], ['TR', 'Muğla', 37.1, 28.4, 2], ['IL', 'HaZafon', 32.8, 35.4, 6],
  ['EG', 'Sinai', 28.6, 33.9, 1], ['SN', 'Thiès', 14.8, -16.9, 2], ['KE', 'Kiambu', -1.2, 36.8, 2], ['ZA', 'Western Cape', -33.7, 19.2, 3], ['IN', 'Tamil Nadu', 12.0, 79.8, 5], ['IN', 'Goa', 15.4, 74.0, 3], ['TH', 'Chiang Mai', 18.8, 99.0, 3], ['JP', '京都', 35.1, 135.7, 3], ['CN', '云南', 25.0, 102.5, 3], ['ID', 'Bali', -8.4, 115.2, 3],
  ['AU', 'New South Wales', -28.7, 153.2, 6], ['AU', 'Victoria', -37.6, 145.2, 4], ['NZ', 'Nelson', -41.0, 172.9, 4], ['FJ', 'Taveuni', -16.8, 179.9, 1], ['BR', 'Bahia', -12.6, -41.4, 4], ['BR', 'Minas Gerais', -20.2, -44.2, 4], ['AR', 'Córdoba', -31.0, -64.6, 4], ['CL', 'Valparaíso', -33.0, -71.2, 3], ['CO', 'Antioquia', 6.3, -75.5, 3], ['CR', 'Guanacaste', 10.4, -85.5, 3], ['EC', 'Loja', -4.2, -79.2, 2], ['NO', 'Svalbard', 78.2, 15.6, 0.2],
]
const ENDINGS = ['feld', 'mar', 'ville', 'dorf', 'ton', 'al', 'eda', 'ino', 'burn', 'stad', 'ones', 'ach']
const STEMS = [
  'Alt',
  'Ben',
  'Cor',
  'Dal',
  'Est',
  'Fon',
  'Gar',
  'Hol',
  'Ibe',
  'Jar',
  'Kel',
  'Lan',
  'Mon',
  'Nor',
  'Oss',
  'Pal',
  'Que',
  'Ros',
  'San',
  'Tor',
  'Ulm',
  'Vil',
  'Wes',
  'Yar',
  'Zar',
]

/** Towns, six around the middle of each region; the first of a region is its largest. */
export function towns(): { town: Town; weight: number }[] {
  const random = randomNumbers(1848)
  return REGIONS.flatMap(([country, region, latitude, longitude, weight]) =>
    Array.from({ length: 6 }, (_, place) => ({
      weight: weight / (place + 1),
      town: {
        country,
        region,
        locality: `${pick(random, STEMS)}${pick(random, ENDINGS)}`,
        latitude: latitude + (random() - 0.5) * 1.6,
        longitude: longitude + (random() - 0.5) * 1.6,
      },
    })),
  )
}

/** A point near a town, the nearer the likelier, in the middle of a cell of a tenth of a degree unless it is exact. */
export function pointNear(random: Random, { latitude, longitude }: Town, exact: boolean): { latitude: number; longitude: number } {
  const far = random() * random() * 0.7
  const angle = random() * 2 * Math.PI
  const rounded = (degrees: number, limit: number) => {
    const within = Math.max(-limit + 0.05, Math.min(limit - 0.06, degrees))
    return exact ? Math.round(within * 1e6) / 1e6 : Math.round((Math.floor(within * 10) / 10 + 0.05) * 100) / 100
  }
  return { latitude: rounded(latitude + far * Math.sin(angle), 90), longitude: rounded(longitude + far * Math.cos(angle), 180) }
}

/** Makes a choice among things of different weight, quickly. */
export function chooser<T>(things: readonly { item: T; weight: number }[]): (random: Random) => T {
  const table: T[] = []
  const all = things.reduce((sum, { weight }) => sum + weight, 0)
  for (const { item, weight } of things) for (let n = 0; n < Math.max(1, Math.round((4096 * weight) / all)); n++) table.push(item)
  return random => pick(random, table)
}
