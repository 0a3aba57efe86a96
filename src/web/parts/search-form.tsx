import type { Asked } from '../search-address.ts'
import { NEARBY_KM, type PlaceAsked } from '../search-place.ts'
import { TownChoice } from './town-choice.tsx'
import { useWords } from './use-words.ts'

/** Words and a place to look for; what else narrows the search goes along. */
export function SearchForm({ asked, place }: { asked: Asked; place: PlaceAsked }) {
  const { t } = useWords()
  const { q, near: _, within: __, cursor: ___, ...rest } = asked
  const wrong = place.towns !== undefined
  const distances = [...new Set([...NEARBY_KM, Number(place.within)])].toSorted((a, b) => a - b)
  return (
    <form class="box" method="get" action="/">
      <label for="q">{t('search.words')}</label>
      <div class="row">
        <input id="q" name="q" type="search" value={q} maxLength={500} dir="auto" autoComplete="off" placeholder={t('search.example')} />
        <button type="submit">{t('search.submit')}</button>
      </div>
      <label for="near">{t('search.near')}</label>
      <div class="row near-row">
        <input
          id="near"
          name="near"
          value={place.typed}
          maxLength={100}
          dir="auto"
          autoComplete="off"
          placeholder={t('search.nearExample')}
          aria-invalid={wrong || undefined}
          aria-describedby={wrong ? 'near-wrong' : undefined}
        />
        <select name="within" aria-label={t('search.nearDistance')}>
          {distances.map(km => (
            <option key={km} value={km} selected={String(km) === place.within}>
              {t('search.nearKm', { km })}
            </option>
          ))}
        </select>
      </div>
      {place.towns && (
        <div class="near-wrong" id="near-wrong" role="status">
          <p class="wrong">{place.towns.length > 0 ? t('search.nearWhich', { name: place.typed }) : t('search.nearUnknown')}</p>
          {place.towns.length > 0 && <TownChoice towns={place.towns} />}
        </div>
      )}
      {Object.entries(rest).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
    </form>
  )
}
