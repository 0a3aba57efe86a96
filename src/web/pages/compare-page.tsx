// biome-ignore-all lint/a11y/useSemanticElements: it heads a group of rows.
// biome-ignore-all lint/a11y/noRedundantRoles: on a narrow screen the table is laid out as blocks, and browsers then forget what it is.
import { address, type DirectoryEntry } from '../../domain/directory.ts'
import { communityPath } from '../community-path.ts'
import { type Compared, comparePath, handleOf, MOST_COMPARED } from '../compare-address.ts'
import type { CompareRow, CompareTable } from '../compare-table.ts'
import type { Page } from '../layout.tsx'
import type { Words } from '../messages.ts'
import { CompareTray, nameToCompare } from '../parts/compare-pick.tsx'
import { themeClass } from '../parts/theme.tsx'
import { useWords } from '../parts/use-words.ts'
import { Name } from '../parts/words.tsx'

type Props = {
  entries: readonly DirectoryEntry[]
  table: CompareTable
  asked: Compared
  /** What was asked for and is no community known here. */
  unknown: readonly string[]
  /** Names of communities for which there is no room. */
  leftOut: readonly string[]
  /** What the visitor may have meant to add. */
  suggested: readonly DirectoryEntry[]
  words: Words
}

/** Up to five communities side by side. */
export function comparePage({ words, ...props }: Props): Page {
  return {
    title: words.t('compare.title'),
    description: words.t('compare.description', { most: MOST_COMPARED }),
    canonical: comparePath(props.asked),
    unlisted: true,
    section: 'compare',
    scripts: ['compare.js'],
    body: <Comparison {...props} />,
  }
}

function Comparison({ entries, table, asked, unknown, leftOut, suggested }: Omit<Props, 'words'>) {
  const { t } = useWords()
  const add = entries.length < MOST_COMPARED && <Add asked={asked} suggested={suggested} />
  return (
    <div class="comparison">
      <h1>{t('compare.title')}</h1>
      {(unknown.length > 0 || leftOut.length > 0) && (
        <div class="notice" role="status">
          {unknown.length > 0 && (
            <p>
              {t('compare.unknown', { count: unknown.length })}{' '}
              {unknown.map(text => (
                <bdi key={text} class="handle">
                  {text}{' '}
                </bdi>
              ))}
            </p>
          )}
          {leftOut.length > 0 && (
            <p>
              {t('compare.leftOut', { most: MOST_COMPARED })} <bdi>{leftOut.join(', ')}</bdi>
            </p>
          )}
        </div>
      )}
      {asked.add && add}
      {entries.length === 0 && <Empty />}
      {entries.length === 1 && <p class="soft">{t('compare.alone')}</p>}
      {entries.length > 1 && <Switch asked={asked} table={table} />}
      {entries.length > 0 && <Table entries={entries} table={table} asked={asked} />}
      {!asked.add && add}
      {table.silent.length > 0 && entries.length > 0 && (
        <p class="soft">
          {t('compare.silent', { count: entries.length })} {table.silent.join(t('charter.comma'))}
        </p>
      )}
    </div>
  )
}

function Empty() {
  const { t, rich } = useWords()
  return (
    <div class="nothing">
      <p>{t('compare.empty')}</p>
      <ul>
        <li>{rich('compare.emptySearch', { link: words => <a href="/">{words}</a> })}</li>
        <li>{t('compare.emptyAdd')}</li>
        <li>{rich('compare.emptyMatch', { link: words => <a href="/match">{words}</a> })}</li>
      </ul>
      <CompareTray waiting />
    </div>
  )
}

/** All rows, or only those in which the communities differ: two links, of which one is where we are. */
function Switch({ asked, table: { groups, differing } }: Pick<Props, 'asked' | 'table'>) {
  const { t } = useWords()
  const all = groups.reduce((sum, { rows }) => sum + rows.length, 0)
  const here = (is: boolean) => (is ? 'page' : undefined)
  return (
    <nav class="compare-switch" aria-label={t('compare.rows')}>
      <ul class="choices">
        <li>
          <a class="choice" href={comparePath({ ...asked, differences: false })} aria-current={here(!asked.differences)}>
            {t('compare.all', { count: all })}
          </a>
        </li>
        <li>
          <a class="choice" href={comparePath({ ...asked, differences: true })} aria-current={here(asked.differences)}>
            {t('compare.onlyDifferences', { count: differing })}
          </a>
        </li>
      </ul>
    </nav>
  )
}

function Table({ entries, table, asked }: Pick<Props, 'entries' | 'table' | 'asked'>) {
  const { t } = useWords()
  const only = asked.differences && entries.length > 1
  const groups = table.groups
    .map(group => ({ ...group, rows: only ? group.rows.filter(({ differs }) => differs) : group.rows }))
    .filter(({ rows }) => rows.length > 0)
  if (only && groups.length === 0) return <p class="nothing">{t('compare.same')}</p>
  return (
    <table class={`compared compared-${entries.length}`} role="table">
      <caption class="unseen">{t('compare.caption')}</caption>
      <thead role="rowgroup">
        <tr role="row">
          <td role="cell">
            <span class="unseen">{t('compare.about')}</span>
          </td>
          {entries.map(entry => (
            <Heading key={entry.actor} entry={entry} asked={asked} />
          ))}
        </tr>
      </thead>
      {groups.map(({ id, title, rows }) => (
        <tbody key={id} role="rowgroup">
          <tr class="group" role="row">
            <th scope="rowgroup" colSpan={entries.length + 1} role="rowheader" aria-colspan={entries.length + 1}>
              {title}
            </th>
          </tr>
          {rows.map(row => (
            <Row key={row.name} row={row} entries={entries} />
          ))}
        </tbody>
      ))}
    </table>
  )
}

function Heading({ entry, asked }: { entry: DirectoryEntry; asked: Compared }) {
  const { t } = useWords()
  const handle = handleOf(entry)
  const name = nameToCompare(entry)
  const rest = comparePath({ ...asked, handles: asked.handles.filter(other => other !== handle) })
  return (
    <th scope="col" role="columnheader" class={themeClass(entry.charter.theme)} data-column={handle} data-name={name}>
      <a href={communityPath(entry)}>
        <Name>{entry.charter.name}</Name>
      </a>
      <a class="drop" href={rest} rel="nofollow" data-drop={handle}>
        {t('compare.remove')}
        <bdi class="unseen"> {name}</bdi>
      </a>
    </th>
  )
}

function Row({ row: { title, cells, differs }, entries }: { row: CompareRow; entries: readonly DirectoryEntry[] }) {
  const { t } = useWords()
  return (
    <tr role="row" class={differs ? 'differs' : undefined}>
      <th scope="row" role="rowheader">
        {title} {differs && <span class="mark-differs">{t('compare.differs')}</span>}
      </th>
      {entries.map((entry, place) => (
        <td key={entry.actor} role="cell">
          <span class="of" aria-hidden="true">
            <bdi>{nameToCompare(entry)}</bdi>
          </span>
          <div>
            <Cell values={cells[place]} />
          </div>
        </td>
      ))}
    </tr>
  )
}

function Cell({ values }: { values: readonly string[] | undefined }) {
  const { t } = useWords()
  if (!values) return <span class="silent">{t('compare.notSaid')}</span>
  const [only] = values
  if (values.length === 1) return <bdi>{only}</bdi>
  return (
    <ul>
      {values.map(value => (
        <li key={value}>
          <bdi>{value}</bdi>
        </li>
      ))}
    </ul>
  )
}

/** Adds a community by its address, or by words that find it. */
function Add({ asked, suggested }: Pick<Props, 'asked' | 'suggested'>) {
  const { t } = useWords()
  return (
    <section class="compare-add" aria-labelledby="add-title">
      <h2 id="add-title">{t('compare.add')}</h2>
      <form class="box" method="get" action="/compare">
        {asked.handles.map(handle => (
          <input key={handle} type="hidden" name="c" value={handle} />
        ))}
        {asked.differences && <input type="hidden" name="only" value="differences" />}
        <label for="add">{t('compare.addLabel')}</label>
        <div class="row">
          <input id="add" name="add" type="text" value={asked.add} maxLength={200} dir="auto" autoComplete="off" autoCapitalize="off" />
          <button type="submit">{t('compare.find')}</button>
        </div>
      </form>
      {asked.add && suggested.length === 0 && <p role="status">{t('compare.noneFound', { words: asked.add })}</p>}
      {suggested.length > 0 && (
        <ul class="suggested">
          {suggested.map(entry => (
            <li key={entry.actor}>
              <a href={comparePath({ ...asked, handles: [...asked.handles, handleOf(entry)], add: '' })} rel="nofollow">
                {t('compare.addOne')} <Name>{entry.charter.name}</Name>
              </a>{' '}
              <bdi class="handle">{address(entry)}</bdi>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
