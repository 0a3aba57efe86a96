import { useWords } from '../../parts/use-words.ts'

/** A day and a time, in UTC, as the reader's language writes them. */
export function Moment({ date }: { date: Date }) {
  const { locale } = useWords()
  const words = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' }).format(date)
  return <time dateTime={date.toISOString()}>{words} UTC</time>
}
