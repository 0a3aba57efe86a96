import type { Charter } from '../../domain/charter.ts'
import { type Attachment, mediaUrl } from '../../domain/media.ts'
import { shortened } from '../../lib/text.ts'
import { charterWords } from '../charter-words.ts'
import type { Faces } from '../profile/profile.ts'
import { StatusLabel } from './entry-card.tsx'
import { Themes, themeClass } from './theme.tsx'
import { useWords } from './use-words.ts'
import { Name } from './words.tsx'

/** The title of a community's sheet: theme, kind, name, place, and what it is in two or three sentences. */
export function TitleBlock({ charter, faces = {} }: { charter: Charter; faces?: Faces }) {
  const { labels, place, years, size } = charterWords(useWords())
  const facts = [place(charter), years(charter), size(charter)].filter(fact => fact !== undefined)
  return (
    <header class={`cartouche ${faces.avatar?.file ? 'faced ' : ''}${themeClass(charter.theme)}`}>
      <Face picture={faces.header} of="banner" />
      <Face picture={faces.avatar} of="face" />
      <p class="kicker">
        <Themes charter={charter} />
        <span>{labels('kind', charter.kind)}</span>
        <StatusLabel status={charter.status} />
      </p>
      <h1>
        <Name>{charter.name}</Name>
      </h1>
      {facts.length > 0 && (
        <p class="where">
          {facts.map(fact => (
            <span key={fact}>
              <bdi>{fact}</bdi>
            </span>
          ))}
        </p>
      )}
      <p class="lede" dir="auto">
        {shortened(charter.summary, 500)}
      </p>
    </header>
  )
}

// Without a description it is left out when the page is read aloud: the name stands beside it.
function Face({ picture, of }: { picture: Attachment | undefined; of: 'banner' | 'face' }) {
  if (!picture?.file) return null
  const [full, small] = [mediaUrl('', picture.file), mediaUrl('', picture.preview ?? picture.file)]
  const wide = { srcset: `${small} 640w, ${full} ${picture.width ?? 1280}w`, sizes: '(max-width: 70rem) 100vw, 68rem' }
  return <img class={of} src={small} alt={picture.alt} {...(of === 'banner' ? wide : {})} />
}
