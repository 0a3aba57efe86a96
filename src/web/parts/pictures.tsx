import { type Attachment, mediaUrl } from '../../domain/media.ts'
import { safeUrl } from '../../lib/sanitise.ts'
import { useWords } from './use-words.ts'
import { Plain, WebLink } from './words.tsx'

type Props = { attachments: readonly Attachment[] | undefined /** Covered until somebody wants to see them. */; covered: boolean }

/** What a post carries: our own pictures, and links to those of other servers, because nothing is loaded from anywhere else. */
export function Pictures({ attachments = [], covered }: Props) {
  const { t } = useWords()
  const own = attachments.filter(one => one.file !== null)
  const foreign = attachments.filter(one => one.file === null && safeUrl(one.url ?? ''))
  if (own.length + foreign.length === 0) return null
  const pictures = own.length > 0 && (
    <ul class={`pictures of-${own.length}`}>
      {own.map(one => (
        <li key={one.id}>
          <OwnPicture picture={one} />
        </li>
      ))}
    </ul>
  )
  return (
    <>
      {covered && pictures ? (
        <details class="warned">
          <summary>{t('post.showPictures', { count: own.length })}</summary>
          {pictures}
        </details>
      ) : (
        pictures
      )}
      {foreign.length > 0 && (
        <ul class="elsewhere">
          {foreign.map(one => (
            <li key={one.id}>
              <WebLink href={one.url!}>{t('post.attached', { kind: one.kind, host: safeUrl(one.url!)!.host })}</WebLink>
              {one.alt && (
                <>
                  {' '}
                  <Plain most={500}>{one.alt}</Plain>
                </>
              )}
            </li>
          ))}
        </ul>
      )}
    </>
  )
}

function OwnPicture({ picture: { file, preview, alt, width, height } }: { picture: Attachment }) {
  const { t } = useWords()
  const [full, small] = [mediaUrl('', file!), mediaUrl('', preview ?? file!)]
  const size = width && height ? { width, height } : {}
  return (
    <a href={full}>
      <img
        src={small}
        srcset={`${small} 640w, ${full} ${width ?? 1280}w`}
        sizes="(max-width: 40rem) 100vw, 36rem"
        alt={alt || t('post.undescribed')}
        loading="lazy"
        {...size}
      />
    </a>
  )
}
