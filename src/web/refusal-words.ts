import type { Refusal } from '../domain/refusal.ts'
import type { Words } from './messages.ts'

/** What a refusal says, in the language of the page; in English where there is no other way to say it. */
export function refusalWords({ has, t }: Pick<Words, 'has' | 't'>, { message, phrase }: Pick<Refusal, 'message' | 'phrase'>): string {
  if (!phrase) return message
  const { code, ...values } = phrase
  return has(`refusal.${code}`) ? t(`refusal.${code}`, values) : message
}
