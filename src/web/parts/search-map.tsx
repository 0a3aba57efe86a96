import type { ComponentChildren } from 'preact'
import { mapFile } from '../map/files.ts'
import { everywherePath, fartherPath } from '../map/links.ts'
import { boxWords } from '../map/picture.ts'
import { boxOf } from '../map/projection.ts'
import { type SearchMap as Drawn, mapNote } from '../map/search-map.ts'
import { townsAddress } from '../map/towns.ts'
import type { Asked } from '../search-address.ts'
import type { Site } from '../site.ts'
import { Attribution } from './attribution.tsx'
import { MapPicture } from './map-picture.tsx'
import { useWords } from './use-words.ts'

type Props = { site: Site; asked: Asked; map: Drawn; tiles: { url: string; attribution: string } | undefined }

/** What was found on a map: a picture with links, which a script makes one that moves. */
export function SearchMap({ site, asked, map, tiles }: Props) {
  const words = useWords()
  const { t } = words
  return (
    <section
      class="map"
      id="map"
      aria-labelledby="map-title"
      data-box={boxWords(boxOf(map.frame))}
      data-points="/map/points"
      data-engine={mapFile('engine.js')}
      data-engine-style={mapFile('engine.css')}
      data-world={mapFile('world.svg')}
      data-lands={mapFile('lands.json')}
      data-land={mapFile('land-{name}.json')}
      data-labels={mapFile('labels.json')}
      data-towns={townsAddress(words.locale)}
      data-names={site.asset('map-names.js')}
      data-view={site.asset('map-view.js')}
      data-layers={site.asset('map-layers.js')}
      data-marks={site.asset('map-marks.js')}
      data-tiles={tiles?.url}
      data-words={JSON.stringify(scriptWords(t))}
    >
      <h2 id="map-title" class="unseen">
        {t('map.title')}
      </h2>
      <input type="checkbox" id="map-on" class="map-on" />
      <label class="map-switch" for="map-on">
        {t('map.show')}
      </label>
      <div class="map-body">
        <a class="skip" href="#results">
          {t('map.skip')}
        </a>
        <div class="map-view">
          <MapPicture asked={asked} map={map} />
        </div>
        <p class="map-tools">
          <label>
            <input type="checkbox" class="map-follow" checked /> {t('map.follow')}
          </label>
          <button type="button" class="near-me">
            {t('map.near')}
          </button>
        </p>
        {(asked.bbox || asked.near) && (
          <p class="map-away">
            <a href={fartherPath(asked, map.frame)} rel="nofollow">
              {t('map.farther')}
            </a>{' '}
            <a href={everywherePath(asked)} rel="nofollow">
              {t('map.everywhere')}
            </a>
          </p>
        )}
        <p class="map-note soft">{mapNote(words, map)}</p>
        {tiles ? <Attribution>{tiles.attribution}</Attribution> : <OwnMap />}
        <p class="map-said" role="status" />
      </div>
    </section>
  )
}

/** Whose data the map is drawn from. */
function OwnMap() {
  const { rich } = useWords()
  const link = (href: string) => (words: ComponentChildren) => <a href={href}>{words}</a>
  return (
    <p class="map-source soft">
      {rich('map.source', {
        names: link('https://www.geonames.org/'),
        licence: link('https://creativecommons.org/licenses/by/4.0/'),
        land: link('https://www.naturalearthdata.com/'),
      })}
    </p>
  )
}

/** What the script says; it fills in the open places. */
function scriptWords(t: ReturnType<typeof useWords>['t']): Record<string, string> {
  return {
    keys: t('map.keys'),
    locating: t('map.locating'),
    refused: t('map.refused'),
    nowhere: t('map.nowhere'),
    failed: t('map.failed'),
    closer: t('map.closer'),
    farther: t('map.farther'),
    here: t('map.here', { count: '{count}' }),
    about: t('map.about', { km: '{km}' }),
  }
}
