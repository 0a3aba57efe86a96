import type { NetworkResult } from '../../domain/network-search.ts'
import { type Asked, dropped, searchPath } from '../search-address.ts'
import { useWords } from './use-words.ts'

/** Which other nodes were asked too, and what became of it; or the way to ask them. */
export function NetworkAnswers({ asked, network }: { asked: Asked; network: NetworkResult | undefined }) {
  const { t } = useWords()
  if (!network)
    return (
      <p class="ask-network">
        <a class="act second" href={networkPath(asked)} rel="nofollow">
          {t('search.networkAsk')}
        </a>{' '}
        <span class="soft">{t('search.networkHelp')}</span>
      </p>
    )
  const { peers, unchecked, unasked } = network
  const answered = peers.filter(({ outcome }) => outcome === 'answered')
  return (
    <div class="ask-network notice" role="status">
      {unasked ? (
        <p>{t(unasked === 'no peers' ? 'search.networkNobody' : 'search.networkOften')}</p>
      ) : (
        <>
          <p>
            {t('search.networkAnswered', { answered: answered.length, asked: peers.length })}{' '}
            {t('search.networkAdded', { added: peers.reduce((sum, { added }) => sum + added, 0) })}{' '}
            {unchecked > 0 && t('search.networkUnchecked', { count: unchecked })}
          </p>
          <details>
            <summary>{t('search.networkWho')}</summary>
            <ul>
              {peers.map(({ node, outcome, taken }) => (
                <li key={node}>
                  <bdi dir="ltr">{new URL(node).host}</bdi>: {t(`search.outcome.${outcome}`, { count: taken })}
                </li>
              ))}
            </ul>
          </details>
        </>
      )}
      <p>
        <a href={searchPath(dropped(asked), { fragment: '#results' })}>{t('search.networkOnly')}</a>
      </p>
    </div>
  )
}

function networkPath(asked: Asked): string {
  const path = searchPath(dropped(asked))
  return `${path}${path.includes('?') ? '&' : '?'}scope=network#results`
}
