import { useWords } from './use-words.ts'

const GROUPS = ['read', 'write', 'follow', 'push', 'profile'] as const

/** What an app is allowed, in words; where it is only a part, which. */
export function Scopes({ scopes }: { scopes: readonly string[] }) {
  const { t } = useWords()
  const groups = GROUPS.map(name => ({
    name,
    whole: scopes.includes(name),
    parts: scopes.flatMap(scope => (scope.startsWith(`${name}:`) ? [scope.slice(name.length + 1)] : [])),
  })).filter(({ whole, parts }) => whole || parts.length > 0)
  return (
    <ul class="scopes">
      {groups.map(({ name, whole, parts }) => (
        <li key={name}>
          {t(`authorize.scope.${name}`)}
          {!whole && (
            <>
              {' '}
              <small>{t('authorize.only', { parts: parts.join(', ') })}</small>
            </>
          )}
        </li>
      ))}
    </ul>
  )
}
