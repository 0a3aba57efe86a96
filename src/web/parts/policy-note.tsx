import { useWords } from './use-words.ts'

const COUNTED = 1000

/** How many communities a search would have found beside, if this node's policy did not hide them. */
export function PolicyNote({ hidden = 0 }: { hidden?: number | undefined }) {
  const { rich } = useWords()
  if (hidden === 0) return null
  const id = hidden < COUNTED ? 'policy.hidden' : 'policy.hiddenMany'
  return <p class="soft">{rich(id, { count: hidden, link: words => <a href="/policy">{words}</a> })}</p>
}
