import type { Context } from '../context.ts'
import { currentEdition } from '../db/charter.ts'
import { theCommunity } from '../db/community.ts'
import { communityIri } from '../domain/iri.ts'
import { isLocale } from './locale.ts'
import { createMessages } from './messages.ts'

/** What is said to those who pledged when there are enough: in the language they read the form in, as markdown. */
export function pledgeNews({ config, db }: Context): (language: string | null, need: number) => string {
  const messages = createMessages()
  return (language, need) => {
    const name = (currentEdition(db)?.charter.name ?? '').replace(/[\\`*_[\]<>@#]/g, ' ')
    const url = communityIri(config.publicUrl, theCommunity(db).handle)
    return messages(isLocale(language) ? language : 'en').t('pledge.news', { name, need, url })
  }
}
