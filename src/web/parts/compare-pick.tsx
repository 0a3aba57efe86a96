import { address, type DirectoryEntry } from '../../domain/directory.ts'
import { shortened } from '../../lib/text.ts'
import { handleOf, MOST_COMPARED } from '../compare-address.ts'
import { useWords } from './use-words.ts'

type Entry = Pick<DirectoryEntry, 'host' | 'handle' | 'charter'>

export const nameToCompare = (entry: Entry) => shortened(entry.charter.name, 60) || address(entry)

/** A tick for a community that is to be compared. It belongs to the tray of its page, wherever it stands. */
export function ComparePick({ entry }: { entry: Entry }) {
  const { t } = useWords()
  return (
    <label class="pick">
      <input type="checkbox" name="c" value={handleOf(entry)} form="compare" data-name={nameToCompare(entry)} />
      {t('compare.pick')}
      <bdi class="unseen"> {nameToCompare(entry)}</bdi>
    </label>
  )
}

/** Where the ticks of a page lead. With JavaScript it also holds what was ticked on other pages. @param waiting shown only when it holds something */
export function CompareTray({ waiting = false }: { waiting?: boolean }) {
  const { t } = useWords()
  return (
    <form id="compare" class="tray" method="get" action="/compare" data-most={MOST_COMPARED} hidden={waiting}>
      <p class="hint">{t('compare.tray', { most: MOST_COMPARED })}</p>
      <ul class="chosen" aria-label={t('compare.chosen')} data-chosen hidden />
      <p class="full" role="status" data-full={t('compare.full', { most: MOST_COMPARED })} />
      <button type="submit">{t('compare.compare')}</button>
    </form>
  )
}

/** Takes this one community, and what was chosen before, to the comparison. */
export function CompareOne({ entry }: { entry: Entry }) {
  const { t } = useWords()
  return (
    <form id="compare" class="compare-one" method="get" action="/compare" data-most={MOST_COMPARED}>
      <input type="hidden" name="c" value={handleOf(entry)} data-name={nameToCompare(entry)} />
      <button type="submit">{t('compare.one')}</button>
    </form>
  )
}
