import { countries } from '../map/countries.ts'
import { mapFile } from '../map/files.ts'
import { areaPath, groupPath } from '../map/links.ts'
import type { Area, Mark, Spot } from '../map/picture.ts'
import { WORLD, xOf, yOf } from '../map/projection.ts'
import type { SearchMap as Drawn } from '../map/search-map.ts'
import { townsInPicture } from '../map/towns.ts'
import type { Asked } from '../search-address.ts'
import { useWords } from './use-words.ts'

// Siberia reaches a little beyond the date line.
const LAND_END = WORLD * 1.06

/** What was found as dots, circles and countries over the outline of the world, each a link. */
export function MapPicture({ asked, map: { found, frame, marks } }: { asked: Asked; map: Drawn }) {
  const { t } = useWords()
  const { x, y, width, height } = frame
  const world = mapFile('world.svg')
  const turns = [-WORLD, 0, WORLD].filter(turn => turn < x + width && turn + LAND_END > x)
  const inFrame = turns
    .flatMap(turn => found.areas.map(area => ({ area, turn })))
    .filter(({ area, turn }) => isWithin(frame, area.code, turn))
  const alone = marks.filter(({ spots }) => spots.length === 1)
  return (
    // biome-ignore lint/a11y/useSemanticElements: a picture that holds links has no element of its own
    <svg viewBox={`${x} ${y} ${width} ${height}`} role="group" aria-label={t('map.picture')}>
      {turns.map(turn => (
        <use key={turn} class="land" href={`${world}#land`} x={turn} />
      ))}
      <Names frame={frame} turns={turns} but={new Set(found.areas.map(({ code }) => code))} marks={marks} />
      {inFrame.map(({ area, turn }) => (
        <CountryArea key={area.code + turn} asked={asked} area={area} turn={turn} unit={width} />
      ))}
      {alone
        .toSorted((a, b) => b.radius - a.radius)
        .map(mark => (
          <Dot key={mark.spots[0]!.path} mark={mark} spot={mark.spots[0]!} unit={width} />
        ))}
      {marks
        .filter(({ spots }) => spots.length > 1)
        .map(mark => (
          <Group key={`${mark.x} ${mark.y}`} asked={asked} mark={mark} unit={width} />
        ))}
    </svg>
  )
}

// Sizes are parts of the width of the picture, which on a telephone is about 330 pixels: what can be pressed is 24 of them.
const HIT = 0.0375
const DOT = 0.014
const LETTERS = 0.034

function Dot({ mark: { x, y, radius }, spot: { name, path, km }, unit }: { mark: Mark; spot: Spot; unit: number }) {
  const { t } = useWords()
  const words = km > 0 ? t('map.aboutLink', { name, km }) : name
  return (
    <a href={path} aria-label={words}>
      <title>{words}</title>
      <circle class="hit" cx={rounded(x)} cy={rounded(y)} r={rounded(unit * HIT)} />
      {km > 0 ? (
        <circle class="circle" cx={rounded(x)} cy={rounded(y)} r={rounded(Math.max(radius, unit * DOT * 1.5))} />
      ) : (
        <circle class="dot" cx={rounded(x)} cy={rounded(y)} r={rounded(unit * DOT)} />
      )}
    </a>
  )
}

function Group({ asked, mark: { x, y, spots }, unit }: { asked: Asked; mark: Mark; unit: number }) {
  const { t, number } = useWords()
  const radius = unit * (spots.length < 10 ? HIT : HIT * 1.2)
  return (
    <a href={groupPath(asked, spots)} aria-label={t('map.groupLink', { count: spots.length })} rel="nofollow">
      <circle class="group" cx={rounded(x)} cy={rounded(y)} r={rounded(radius)} />
      <text class="group-count" x={rounded(x)} y={rounded(y)} dy="0.35em" font-size={rounded(unit * LETTERS)}>
        {number(spots.length)}
      </text>
    </a>
  )
}

function CountryArea({ asked, area, turn, unit }: { asked: Asked; area: Area; turn: number; unit: number }) {
  const { t, nameOf } = useWords()
  const { code, count } = area
  const { latitude, longitude } = countries().get(code)!
  const country = nameOf('region', code) ?? code
  const [x, y] = [rounded(xOf(longitude) + turn), rounded(yOf(latitude))]
  return (
    <a href={areaPath(asked, area)} aria-label={t('map.country', { country, count })} rel="nofollow">
      {countries().get(code)!.outlined ? (
        <use class="area" href={`${mapFile('world.svg')}#${code}`} x={turn} />
      ) : (
        <circle class="area" cx={x} cy={y} r={rounded(unit * HIT)} />
      )}
      <circle class="hit" cx={x} cy={y} r={rounded(unit * HIT)} />
      <text class="area-count" x={x} y={y} dy="0.35em" font-size={rounded(unit * LETTERS)}>
        {t('map.countryShort', { country, count })}
      </text>
    </a>
  )
}

type NamesProps = { frame: Drawn['frame']; turns: readonly number[]; but: ReadonlySet<string>; marks: readonly Mark[] }

/** Names of countries, and of towns between them, where there is room for them. */
function Names({ frame, turns, but, marks }: NamesProps) {
  const { nameOf, locale } = useWords()
  const size = frame.width * 0.026
  const names = turns.flatMap(turn =>
    [...countries().values()].flatMap(({ code, width, ...at }) => {
      const name = nameOf('region', code)
      const room = (width / 360) * WORLD
      if (!name || but.has(code) || room < name.length * size * 0.62 || !isWithin(frame, code, turn)) return []
      return [{ key: code + turn, name, x: xOf(at.longitude) + turn, y: yOf(at.latitude) }]
    }),
  )
  const taken = [
    ...names.map(({ name, x, y }) => ({ x, y, half: (name.length * size * 0.62) / 2 })),
    ...marks.map(({ x, y }) => ({ x, y, half: frame.width * HIT })),
  ]
  const towns = townsInPicture(frame, locale).filter(({ name, x, y }) => {
    const half = (name.length * size * 0.62) / 2
    const inside = x - half >= frame.x && x + half <= frame.x + frame.width
    return inside && !taken.some(other => Math.abs(other.x - x) < other.half + half && Math.abs(other.y - y) < size * 1.8)
  })
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: nothing within can be focused
    <g class="names" aria-hidden="true" font-size={rounded(size)}>
      {names.map(({ key, name, x, y }) => (
        <text key={key} x={rounded(x)} y={rounded(y)}>
          {name}
        </text>
      ))}
      {towns.map(({ name, x, y }) => (
        <text key={`${name} ${x}`} class="town-name" x={rounded(x)} y={rounded(y)}>
          {name}
        </text>
      ))}
    </g>
  )
}

function isWithin({ x, y, width, height }: Drawn['frame'], code: string, turn: number): boolean {
  const { latitude, longitude } = countries().get(code)!
  const [atX, atY] = [xOf(longitude) + turn, yOf(latitude)]
  return atX >= x && atX <= x + width && atY >= y && atY <= y + height
}

const rounded = (value: number) => Math.round(value * 100) / 100
