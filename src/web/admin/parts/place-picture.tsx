import type { Raw } from '../../../domain/charter-draft.ts'
import { mapFile } from '../../map/files.ts'
import { boxWords } from '../../map/picture.ts'
import { boxOf, unitsOf, WORLD, xOf, yOf } from '../../map/projection.ts'
import { townsAddress } from '../../map/towns.ts'
import { Attribution } from '../../parts/attribution.tsx'
import { labelIn } from '../../parts/label.ts'
import { useWords } from '../../parts/use-words.ts'
import type { Site } from '../../site.ts'
import { type ShownPlace, shownPlace } from '../place-frame.ts'

type Props = { raw: Raw; site: Site; tiles: { url: string; attribution: string } | undefined }

/** What visitors will see of the place: drawn here, and with a script a map on which the mark can be put. */
export function PlacePicture({ raw, site, tiles }: Props) {
  const { t, locale } = useWords()
  const shown = shownPlace(raw)
  return (
    <section
      class="place-picture"
      id="place-map"
      aria-labelledby="place-title"
      data-engine={mapFile('engine.js')}
      data-engine-style={mapFile('engine.css')}
      data-world={mapFile('world.svg')}
      data-lands={mapFile('lands.json')}
      data-land={mapFile('land-{name}.json')}
      data-labels={mapFile('labels.json')}
      data-towns={townsAddress(locale)}
      data-names={site.asset('map-names.js')}
      data-layers={site.asset('map-layers.js')}
      data-view={site.asset('map-view.js')}
      data-tiles={tiles?.url}
      data-spot={shown.spot && `${shown.spot.latitude},${shown.spot.longitude},${shown.spot.km}`}
      data-country={shown.country}
      data-box={boxWords(boxOf(shown.frame))}
      data-words={JSON.stringify({
        put: t('charterform.putMark'),
        closer: t('map.closer'),
        farther: t('map.farther'),
        mark: t('charterform.mark'),
      })}
    >
      <h2 id="place-title">{t('charterform.visitorsSee')}</h2>
      <Said shown={shown} />
      <div class="map-view">
        <Picture shown={shown} />
      </div>
      {tiles && <Attribution>{tiles.attribution}</Attribution>}
      <p class="soft map-said" role="status" />
      <p class="soft">{t('charterform.pictureHelp')}</p>
    </section>
  )
}

function Said({ shown: { place, spot, country } }: { shown: ShownPlace }) {
  const words = useWords()
  const label = labelIn(words)
  const names = [place?.street, place?.locality, place?.region, place?.country && label('country', place.country)].filter(Boolean)
  return (
    <p class="place-said">
      {names.length === 0 && words.t('charterform.noName')}
      {names.map((name, at) => (
        <span key={name}>
          {at > 0 && words.t('charter.comma')}
          <bdi>{name}</bdi>
        </span>
      ))}
      {names.length > 0 ? ' · ' : ' '}
      {spot
        ? spot.km > 0
          ? words.t('charterform.circle', { km: spot.km })
          : words.t('charterform.point')
        : country
          ? words.t('charterform.wholeCountry')
          : words.t('charterform.noPoint')}
    </p>
  )
}

const DOT = 0.014

function Picture({ shown: { spot, country, frame } }: { shown: ShownPlace }) {
  const { t } = useWords()
  const { x, y, width, height } = frame
  const world = mapFile('world.svg')
  const turns = [-WORLD, 0, WORLD].filter(turn => turn < x + width && turn + WORLD * 1.06 > x)
  return (
    <svg viewBox={`${x} ${y} ${width} ${height}`} role="img" aria-label={t('charterform.picture')}>
      {turns.map(turn => (
        <use key={turn} class="land" href={`${world}#land`} x={turn} />
      ))}
      {country && turns.map(turn => <use key={turn} class="area" href={`${world}#${country}`} x={turn} />)}
      {spot && turns.map(turn => <Mark key={turn} {...spot} turn={turn} unit={width} />)}
    </svg>
  )
}

type MarkProps = { latitude: number; longitude: number; km: number; turn: number; unit: number }

function Mark({ latitude, longitude, km, turn, unit }: MarkProps) {
  const [x, y] = [rounded(xOf(longitude) + turn), rounded(yOf(latitude))]
  if (km === 0) return <circle class="dot" cx={x} cy={y} r={rounded(unit * DOT)} />
  return <circle class="circle" cx={x} cy={y} r={rounded(Math.max(unitsOf(km, latitude), unit * DOT * 1.5))} />
}

const rounded = (value: number) => Math.round(value * 100) / 100
