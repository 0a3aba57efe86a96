import type { FastifyInstance } from 'fastify'
import { allEditions } from '../db/charter.ts'
import { charterChanges } from '../domain/charter-diff.ts'
import { Refusal } from '../domain/refusal.ts'
import { home, shown } from './charter.ts'
import { type Edge, sendPage } from './edge.ts'
import { diffPage } from './pages/diff-page.tsx'

type Asked = { Params: { handle: string; edition: string }; Querystring: { with?: unknown } }

/** What changed between two editions of the charter: the one before, or any other (`?with=`). The earlier always comes first. */
export function diffRoutes(app: FastifyInstance, { ctx, site }: Edge): void {
  app.get<Asked>('/c/:handle/charter/:edition/diff', (request, reply) => {
    const here = site(request)
    const { handle, current } = home(ctx, here, request.params.handle)
    const editions = allEditions(ctx.db)
    const number = numberIn(request.params.edition)
    const other = request.query.with === undefined || request.query.with === '' ? unasked(number) : numberIn(request.query.with)
    const find = (wanted: number) => editions.find(({ edition }) => edition === wanted)
    const [before, after] = [find(Math.min(number, other)), find(Math.max(number, other))]
    if (current.edition === 1 && number === 1) throw new Refusal('missing', here.words.t('profile.diff.onlyOne'))
    if (!before || !after) throw new Refusal('missing', here.words.t('errors.noEdition', { latest: current.edition }))
    const [earlier, later] = [shown(before, current), shown(after, current)]
    const changes = charterChanges(earlier.charter, later.charter)
    const all = editions.map(({ edition, publishedAt }) => ({ edition, publishedAt }))
    return sendPage(reply, here, diffPage({ handle, earlier, later, changes, editions: all, asked: number, words: here.words }))
  })
}

/** The first edition has none before it: what followed is compared with it. */
const unasked = (number: number) => (number > 1 ? number - 1 : 2)

function numberIn(text: unknown): number {
  return typeof text === 'string' && /^[1-9]\d{0,8}$/.test(text) ? Number(text) : 0
}
