import type { Context } from '../../context.ts'
import { type Attachment, attachmentUrl, mediaUrl } from '../../domain/media.ts'

/** What a post carries. */
export function mediaAttachment({ config: { publicUrl } }: Pick<Context, 'config'>, attachment: Attachment) {
  const { id, kind, url, preview, alt, blurhash, width, height, focus } = attachment
  const address = attachmentUrl(publicUrl, attachment)
  return {
    id: String(id),
    type: kind,
    url: address,
    preview_url: preview === null ? (kind === 'image' ? address : null) : mediaUrl(publicUrl, preview),
    remote_url: url,
    preview_remote_url: null,
    text_url: null,
    meta: {
      ...(width && height ? { original: { width, height, size: `${width}x${height}`, aspect: width / height } } : {}),
      ...(focus ? { focus } : {}),
    },
    description: alt || null,
    blurhash,
  }
}
