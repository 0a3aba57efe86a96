import { muteThread } from '../actions/notice.ts'
import { type Change, editPost } from '../actions/post.ts'
import { attachmentsOf } from '../db/media.ts'
import { postEditsOf } from '../db/post-edit.ts'
import { checkFocus } from '../domain/media.ts'
import { type Post, warningOf } from '../domain/post.ts'
import { isClosed, type KindChange } from '../domain/post-kind.ts'
import { handlesIn } from '../domain/post-text.ts'
import { Refusal } from '../domain/refusal.ts'
import { type Call, invalid, missing } from './call.ts'
import { mediaAttachment } from './entities/attachment.ts'
import { contentOf } from './entities/status.ts'
import { showAccount } from './find-account.ts'
import { itemOf, showPost } from './find-status.ts'
import { flag, id, ids, isGiven, list, object, objects, text, whole } from './input.ts'
import { get, post, put, type Route } from './route.ts'
import { languageOf } from './status-input.ts'

export const statusEditRoutes: readonly Route[] = [
  put('/api/v1/statuses/:id', 'write:statuses', edit),
  post('/api/v1/statuses/:id/mute', 'write:mutes', call => mute(call, true)),
  post('/api/v1/statuses/:id/unmute', 'write:mutes', call => mute(call, false)),
  get('/api/v1/statuses/:id/source', 'read:statuses', source),
  get('/api/v1/statuses/:id/history', 'nothing', history),
]

/** A post of the community's own. What is somebody else's is answered like what is not there. */
function own(call: Call): Post {
  const { post, boost } = itemOf(call)
  if (!post.local || boost) throw missing()
  return post
}

async function edit(call: Call) {
  const { ctx, reach, input } = call
  const post = own(call)
  const words = text(input, 'status') ?? post.source ?? ''
  const mentioned = handlesIn(words).length > 0 ? await reach.mentions(words) : []
  try {
    editPost(ctx, post.id, words, { ...changeOf(call), ...pollChange(call, post), mentioned })
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    if (error.problems.length > 0) throw invalid(error.problems.map(problem => problem.message).join('; '))
    // That nothing is different is no fault for an app.
    if (error.reason !== 'conflict') throw error
  }
  return showPost(call, post.id)
}

function changeOf({ input }: Call): Change {
  const warning = text(input, 'spoiler_text')
  const sensitive = flag(input, 'sensitive')
  const language = languageOf(input)
  const captions = new Map(
    objects(input, 'media_attributes').flatMap(one => {
      const number = id(one, 'id')
      const [alt, focus] = [text(one, 'description'), text(one, 'focus')]
      if (number === undefined) return []
      return [[number, { ...(alt === undefined ? {} : { alt }), ...(focus ? { focus: checkFocus(focus) } : {}) }] as const]
    }),
  )
  return {
    ...(warning === undefined ? {} : { warning }),
    ...(sensitive === undefined ? {} : { sensitive }),
    ...(language === undefined ? {} : { language }),
    ...(isGiven(input, 'media_ids') ? { attachments: ids(input, 'media_ids') } : {}),
    ...(captions.size > 0 ? { captions } : {}),
  }
}

/** Apps send the whole poll with every edit, and with a closed one an end that it will not have. */
function pollChange({ ctx, input }: Call, { details }: Post): KindChange {
  const asked = object(input, 'poll')
  const options = asked ? list(asked, 'options').filter(option => option.trim()) : []
  if (!asked || options.length === 0) return {}
  const seconds = isClosed(details ?? {}, ctx.now()) ? undefined : whole(asked, 'expires_in')
  const closes = seconds === undefined ? {} : { closes: new Date(ctx.now().getTime() + seconds * 1000).toISOString() }
  return { options, multiple: flag(asked, 'multiple') ?? false, ...closes }
}

function source(call: Call) {
  const post = own(call)
  return { id: call.params.id, text: post.source ?? '', spoiler_text: warningOf(post) ?? '' }
}

function mute(call: Call, muted: boolean) {
  const { post } = itemOf(call)
  muteThread(call.ctx, post, muted)
  return showPost(call, post.id)
}

/** Every way a post has stood, the first one first, as it stands now last. */
function history(call: Call) {
  const { ctx } = call
  const { post } = itemOf(call)
  const account = showAccount(call, post.author)
  const carried = attachmentsOf(ctx.db, post.id)
  const edits = postEditsOf(ctx.db, post.id).map(edit => ({
    words: { ...post, name: edit.name, summary: edit.summary, sensitive: edit.sensitive, content: edit.content },
    at: edit.at,
    options: edit.options ?? undefined,
    // Of what it has lost nothing is left to be shown.
    attachments: edit.attachments.flatMap(({ id, alt }) => carried.filter(one => one.id === id).map(one => ({ ...one, alt }))),
  }))
  const options = post.details?.options?.map(option => option.name)
  const now = { words: post, at: post.updatedAt ?? post.publishedAt, options, attachments: carried }
  return [...edits, now].map(({ words, at, options, attachments }) => ({
    account,
    content: contentOf(words),
    spoiler_text: warningOf(words) ?? '',
    sensitive: words.sensitive,
    created_at: at.toISOString(),
    media_attachments: attachments.map(one => mediaAttachment(ctx, one)),
    emojis: [],
    ...(options ? { poll: { options: options.map(title => ({ title })) } } : {}),
  }))
}
