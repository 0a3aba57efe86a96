import type { FastifyInstance } from 'fastify'
import { directorySize } from '../db/directory.ts'
import { townsNamed } from '../db/gazetteer.ts'
import { findAny, searchDirectory } from '../db/search.ts'
import { readDirectoryQuery } from '../domain/directory-query.ts'
import { rank } from '../domain/match.ts'
import { readAnswers } from '../domain/match-answer.ts'
import { candidateQueries, MOST_CANDIDATES } from '../domain/match-search.ts'
import { type Edge, sendPage } from './edge.ts'
import { matchPath } from './match-address.ts'
import { matchFormPage } from './pages/match-form-page.tsx'
import { matchResultPage } from './pages/match-result-page.tsx'

const PER_PAGE = 20

/** The questionnaire. What a seeker answers is in the address alone: nothing of it is stored, and requests are not logged. */
export function matchRoutes(app: FastifyInstance, { ctx, site }: Edge): void {
  app.get<{ Querystring: Record<string, unknown> }>('/match', (request, reply) => {
    const given = request.query
    const { words } = site(request)
    const { answers, mistakes } = readAnswers(given, text => townsNamed(text, words.locale))
    const sent = Object.keys(given).some(name => name.startsWith('weight.'))
    if (mistakes.length > 0 || answers.length === 0 || given.edit !== undefined) {
      const { facets } = searchDirectory(ctx.db, readDirectoryQuery({ limit: 1 }))
      const countries = facets.country.map(({ value }) => value)
      const languages = facets.language.map(({ value }) => value)
      if (mistakes.length > 0) reply.code(400)
      const nothing = sent && answers.length === 0 && mistakes.length === 0
      return sendPage(reply, site(request), matchFormPage({ words, answers, mistakes, nothing, given, countries, languages }))
    }
    // A form sends all its fields, and most of them are empty.
    if (sent) return reply.header('cache-control', 'no-store').redirect(matchPath(answers), 303)
    const candidates = findAny(ctx.db, candidateQueries(answers), MOST_CANDIDATES)
    const matches = rank(candidates, answers)
    const pages = Math.max(1, Math.ceil(matches.length / PER_PAGE))
    const page = Math.min(pages, Math.max(1, Math.trunc(Number(given.page)) || 1))
    return sendPage(
      reply,
      site(request),
      matchResultPage({
        words,
        answers,
        matches: matches.slice((page - 1) * PER_PAGE, page * PER_PAGE),
        found: matches.length,
        looked: candidates.length,
        limited: candidates.length >= MOST_CANDIDATES,
        size: directorySize(ctx.db),
        page,
        pages,
      }),
    )
  })
}
