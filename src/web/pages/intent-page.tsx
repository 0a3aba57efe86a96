import { shellWord, shortened } from '../../lib/text.ts'
import type { Page } from '../layout.tsx'
import { Name } from '../parts/words.tsx'
import type { Site } from '../site.ts'

/** What a page elsewhere wants the steward to look at; `known` is what this node knew of it before. */
export type Intended = {
  address: string
  known?: { name: string; handle: string; path: string | undefined; isPost: boolean; followed: boolean }
}
type Props = Intended & { kind: 'follow' | 'object' | 'create'; home: Site['home'] }

const TITLES = { follow: 'Follow from here', object: 'Open from here', create: 'Post from here' }

/** Says what is meant and which command does it. Nothing on it does anything by itself. */
export function intentPage({ kind, address, known, home }: Props): Page {
  const command = kind === 'create' ? 'post' : 'follow'
  const word = shellWord(address)
  return {
    title: TITLES[kind],
    description: 'What another page asked the steward of this node to do, and the command that does it.',
    canonical: `/intent/${kind}`,
    unlisted: true,
    body: (
      <div class="message">
        <h1>{TITLES[kind]}</h1>
        {kind === 'create' ? (
          <>
            <p>Another page suggests these words for a post of {home ? <Name>{home.name}</Name> : 'this community'}:</p>
            <blockquote dir="auto">{shortened(address, 1_000)}</blockquote>
          </>
        ) : (
          <>
            <p>
              Another page asks {home ? <Name>{home.name}</Name> : 'this community'} to {kind === 'follow' ? 'follow' : 'look at'}
            </p>
            <p>
              <code dir="ltr">{address}</code>
            </p>
            <p>{known ? <Known known={known} /> : 'This node has not met it yet. Make sure that you know whose address this is.'}</p>
          </>
        )}
        <p>Nothing has happened yet. Visitors can’t act for the community; whoever looks after this node can, in its terminal:</p>
        <pre>
          <code dir="ltr">{`npx archipelago ${command} ${word.startsWith('-') ? '-- ' : ''}${word}`}</code>
        </pre>
        <p class="pages">
          <a href="/">Search the directory</a>
        </p>
      </div>
    ),
  }
}

function Known({ known: { name, handle, path, isPost, followed } }: { known: NonNullable<Intended['known']> }) {
  return (
    <>
      {isPost ? 'It is a post of ' : 'It is '}
      {path ? (
        <a href={path}>
          <Name>{name}</Name>
        </a>
      ) : (
        <Name>{name}</Name>
      )}{' '}
      (<bdi dir="ltr">{handle}</bdi>){followed ? ', whom the community follows already.' : '.'}
    </>
  )
}
