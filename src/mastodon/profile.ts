import { changeSettings } from '../actions/community.ts'
import { drawPicture, wearPicture } from '../actions/media.ts'
import { choosePosting } from '../actions/posting.ts'
import type { Posting } from '../db/posting.ts'
import { htmlToText } from '../lib/sanitise.ts'
import { own } from './accounts.ts'
import { type Call, invalid, stewardOf } from './call.ts'
import { flag, object, objects, text } from './input.ts'
import { del, patch, type Route } from './route.ts'
import { languageOf, visibilityOf } from './status-input.ts'

export const profileRoutes: readonly Route[] = [
  patch('/api/v1/accounts/update_credentials', 'write:accounts', update, { files: true }),
  del('/api/v1/profile/avatar', 'write:accounts', call => bare(call, 'avatar')),
  del('/api/v1/profile/header', 'write:accounts', call => bare(call, 'header')),
]

/**
 * What an app may change: of the community its pictures, whether it approves followers and whether it is listed; of its steward how posts
 * go out. Name, words and fields are the charter, which is written in one place.
 */
async function update(call: Call) {
  const { ctx, input, files } = call
  const fixed = changesOfCharter(call)
  if (fixed.length > 0)
    throw invalid(`${fixed.join(', ')} come from the community’s charter; a steward changes them at ${ctx.config.publicUrl}/admin/charter`)
  const locked = flag(input, 'locked')
  const listed = flag(input, 'discoverable')
  for (const use of ['avatar', 'header'] as const) {
    const file = files.find(one => one.name === use)
    if (file) wearPicture(ctx, use, await drawPicture(file.data))
  }
  const account = own(call)
  choosePosting(ctx, stewardOf(call), postingIn(call))
  const changes = {
    ...(locked === undefined || locked === account.locked ? {} : { approvesFollowers: locked }),
    ...(listed === undefined || listed === account.discoverable ? {} : { listed }),
  }
  if (Object.keys(changes).length > 0) changeSettings(ctx, changes)
  return own(call)
}

function postingIn({ input }: Call): Partial<Posting> {
  const source = object(input, 'source') ?? {}
  const [visibility, sensitive, language] = [visibilityOf(source, 'privacy'), flag(source, 'sensitive'), languageOf(source)]
  return {
    // To whom it would go, a direct post says each time.
    ...(visibility === undefined || visibility === 'direct' ? {} : { visibility }),
    ...(sensitive === undefined ? {} : { sensitive }),
    ...(language === undefined ? {} : { language }),
  }
}

// Apps send everything back, changed or not.
function changesOfCharter(call: Call): string[] {
  const { input } = call
  const { display_name, note, source, fields } = own(call)
  const differs = (said: string | undefined, ...known: string[]) => said !== undefined && !known.some(one => same(one, said))
  const said = objects(input, 'fields_attributes').filter(field => text(field, 'name') || text(field, 'value'))
  const fieldsDiffer = said.some(
    field =>
      !fields.some(
        known => same(known.name, text(field, 'name') ?? '') && same(htmlToText(known.value), htmlToText(text(field, 'value') ?? '')),
      ),
  )
  return [
    ...(differs(text(input, 'display_name'), display_name) ? ['Display name'] : []),
    ...(differs(text(input, 'note'), note, source.note) ? ['Note'] : []),
    ...(fieldsDiffer ? ['Fields'] : []),
  ]
}

const same = (one: string, other: string) => one.replace(/\s+/g, ' ').trim() === other.replace(/\s+/g, ' ').trim()

function bare(call: Call, use: 'avatar' | 'header') {
  wearPicture(call.ctx, use, undefined)
  return own(call)
}
