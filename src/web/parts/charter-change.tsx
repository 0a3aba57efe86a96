import type { ComponentChildren } from 'preact'
import type { AgreementChange, FieldChange } from '../../domain/charter-diff.ts'
import { VOCABULARY } from '../../domain/vocabulary.ts'
import type { Piece } from '../../lib/word-diff.ts'
import { CharterField } from './charter-field.tsx'
import { fieldTitle, useLabel } from './label.ts'
import { useWords } from './use-words.ts'
import { Day, Plain } from './words.tsx'

/** What became of one field of the charter: in words, in marks and in colour. */
export function FieldChangeItem({ change }: { change: FieldChange }) {
  const words = useWords()
  const title = change.field === 'coordinates' ? words.t('profile.diff.coordinates') : fieldTitle(words, change.field, change.title)
  return (
    <div>
      <dt>
        {title} <How how={change.how === 'list' || change.how === 'text' ? 'changed' : change.how} />
      </dt>
      <FieldValues change={change} />
    </div>
  )
}

function FieldValues({ change }: { change: FieldChange }) {
  const { t } = useWords()
  const { field } = change
  if (change.how === 'text')
    return (
      <dd>
        <Redline pieces={change.pieces} />
      </dd>
    )
  if (change.how === 'list')
    return (
      <dd>
        <ul class="plain">
          {change.removed.map(item => (
            <li key={item}>
              <Gone>
                <Value field={field} value={item} />
              </Gone>
            </li>
          ))}
          {change.added.map(item => (
            <li key={item}>
              <Come>
                <Value field={field} value={item} />
              </Come>
            </li>
          ))}
        </ul>
        {change.reordered && <p class="soft">{t('profile.diff.reordered')}</p>}
        {change.kept.length > 0 && !change.reordered && <p class="soft">{t('profile.diff.kept', { count: change.kept.length })}</p>}
        {change.reordered && (
          <ol>
            {change.kept.map(item => (
              <li key={item}>
                <Value field={field} value={item} />
              </li>
            ))}
          </ol>
        )}
      </dd>
    )
  const before = change.how === 'changed' ? change.before : change.how === 'removed' ? change.value : undefined
  const after = change.how === 'changed' ? change.after : change.how === 'added' ? change.value : undefined
  return (
    <>
      {before !== undefined && (
        <dd>
          <Gone>
            <Value field={field} value={before} />
          </Gone>
        </dd>
      )}
      {after !== undefined && (
        <dd>
          <Come>
            <Value field={field} value={after} />
          </Come>
        </dd>
      )}
    </>
  )
}

/** What became of one agreement: its text by words, the rest line by line. */
export function AgreementChangeItem({ change: { title, how, formerly, text, details } }: { change: AgreementChange }) {
  const { t } = useWords()
  return (
    <section class="change">
      <h3>
        <Plain most={200}>{title}</Plain> <How how={how} />
      </h3>
      {formerly && (
        <p>
          {t('profile.diff.formerly')}{' '}
          <Gone>
            <Plain most={200}>{formerly}</Plain>
          </Gone>
        </p>
      )}
      {text.some(piece => piece.how !== 'same') && <Redline pieces={text} />}
      {details.map(({ field, before, after }) => (
        <p key={field}>
          {t(`profile.diff.detail.${field}`)}{' '}
          {before !== undefined && (
            <Gone>
              <Plain>{before}</Plain>
            </Gone>
          )}{' '}
          {after !== undefined && (
            <Come>
              <Plain>{after}</Plain>
            </Come>
          )}
        </p>
      ))}
    </section>
  )
}

function How({ how }: { how: 'added' | 'removed' | 'changed' }) {
  const { t } = useWords()
  return <span class={`how how-${how}`}>{t(`profile.diff.${how}`)}</span>
}

/** Longer unchanged stretches are told, not shown: both editions are a link away. */
const LONGEST_SAME = 700
const CONTEXT = 250

function Redline({ pieces }: { pieces: readonly Piece[] }) {
  return (
    <div class="redline" dir="auto">
      {pieces.map(({ how, text }, place) => {
        if (how === 'added') return <Come key={place}>{text}</Come>
        if (how === 'removed') return <Gone key={place}>{text}</Gone>
        return <Same key={place} text={text} first={place === 0} last={place === pieces.length - 1} />
      })}
    </div>
  )
}

function Same({ text, first, last }: { text: string; first: boolean; last: boolean }) {
  const { t } = useWords()
  if (text.length <= LONGEST_SAME) return <>{text}</>
  // The last character of a cut may be half of one, and its last word half of a word.
  const head = first
    ? ''
    : Array.from(text.slice(0, CONTEXT))
        .slice(0, -1)
        .join('')
        .replace(/\s\S{0,40}$/u, ' ')
  const tail = last
    ? ''
    : Array.from(text.slice(-CONTEXT))
        .slice(1)
        .join('')
        .replace(/^\S{0,40}\s/u, '')
  const count = text.length - head.length - tail.length
  return (
    <>
      {head}
      <span class="skipped"> {t('profile.diff.skipped', { count })} </span>
      {tail}
    </>
  )
}

function Come({ children }: { children: ComponentChildren }) {
  const { t } = useWords()
  return (
    <ins>
      <span class="unseen">{t('profile.diff.insMark')} </span>
      {children}
    </ins>
  )
}

function Gone({ children }: { children: ComponentChildren }) {
  const { t } = useWords()
  return (
    <del>
      <span class="unseen">{t('profile.diff.delMark')} </span>
      {children}
    </del>
  )
}

function Value({ field, value }: { field: string; value: unknown }) {
  const label = useLabel()
  const coded = Object.hasOwn(VOCABULARY, field) || field === 'themes' || field === 'languages' || field === 'country'
  if (Array.isArray(value))
    return (
      <>
        {value.map((item, place) => (
          <span key={place}>
            {place > 0 && ', '}
            <Value field={field} value={item} />
          </span>
        ))}
      </>
    )
  if (typeof value === 'string' && coded) return <bdi>{label(field, value)}</bdi>
  if ((field === 'lastVerified' || field === 'expires') && typeof value === 'string') return <Day date={new Date(value)} />
  if (typeof value === 'string' && (field === 'affiliations' || field === 'coordinates')) return <Plain>{value}</Plain>
  return <CharterField name={field} value={value} />
}
