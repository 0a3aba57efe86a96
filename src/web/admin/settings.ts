import type { FastifyInstance } from 'fastify'
import { changeSettings } from '../../actions/community.ts'
import { allowInquiries } from '../../actions/inquiry.ts'
import { addressesOf } from '../../actions/move.ts'
import { rotateKeys } from '../../actions/node.ts'
import { changeQuotePolicy, quotePolicy } from '../../actions/quote.ts'
import { theCommunity } from '../../db/community.ts'
import { takesInquiries } from '../../db/inquiry.ts'
import { QUOTE_POLICIES, type QuotePolicy } from '../../domain/quote.ts'
import { Refusal } from '../../domain/refusal.ts'
import { fieldsOf } from '../forms.ts'
import { refusalWords } from '../refusal-words.ts'
import { admin, done, type StewardEdge, sendAdmin } from './gate.ts'
import { type Settings, settingsPage } from './pages/settings-page.tsx'

export const SETTINGS = '/admin/settings'
const TICKS = ['approvesFollowers', 'listed', 'themeInName', 'inquiries'] as const

/** How the community behaves, and the way to what is seldom done: moving, keys, taking everything along, erasing. */
export function settingsRoutes(app: FastifyInstance, edge: StewardEdge): void {
  const { ctx } = edge
  const act = 'settings' as const
  const settings = (): Settings => {
    const { approvesFollowers, listed, themeInName } = theCommunity(ctx.db)
    return { approvesFollowers, listed, themeInName, inquiries: takesInquiries(ctx.db), quotes: quotePolicy(ctx.db) }
  }

  admin(app, edge, {
    method: 'GET',
    path: SETTINGS,
    act,
    handler: (_request, reply, visit) =>
      sendAdmin(edge, reply, visit, settingsPage({ settings: settings(), config: ctx.config, ...addressesOf(ctx.db) }, visit.site.words)),
  })

  admin(app, edge, {
    method: 'POST',
    path: SETTINGS,
    act,
    handler: (request, reply, visit) => {
      const fields = fieldsOf(request.body)
      const before = settings()
      const ticked = (name: (typeof TICKS)[number]) => fields[name] === 'yes'
      changeSettings(ctx, { approvesFollowers: ticked('approvesFollowers'), listed: ticked('listed'), themeInName: ticked('themeInName') })
      if (ticked('inquiries') !== before.inquiries) allowInquiries(ctx, ticked('inquiries') ? 'yes' : 'no')
      const quotes = fields.quotes as QuotePolicy
      if (QUOTE_POLICIES.includes(quotes) && quotes !== before.quotes) changeQuotePolicy(ctx, quotes)
      const undo = TICKS.filter(name => before[name]).map(name => [name, 'yes'] as const)
      const text = visit.site.words.t('settings.saved')
      return done(edge, reply, visit, SETTINGS, {
        text,
        undo: { action: SETTINGS, fields: { ...Object.fromEntries(undo), quotes: before.quotes } },
      })
    },
  })

  admin(app, edge, {
    method: 'POST',
    path: `${SETTINGS}/keys`,
    act: 'danger',
    proven: true,
    handler: (_request, reply, visit) => {
      const ids = rotateKeys(ctx)
      return done(edge, reply, visit, SETTINGS, visit.site.words.t('settings.rotated', { count: ids.length }))
    },
  })

  for (const [name, move] of [
    ['from', edge.machine.moveFrom],
    ['to', edge.machine.moveTo],
  ] as const)
    admin(app, edge, {
      method: 'POST',
      path: `${SETTINGS}/move-${name}`,
      act: 'danger',
      proven: true,
      handler: async (request, reply, visit) => {
        const { who = '', typed = '' } = fieldsOf(request.body)
        const { t } = visit.site.words
        const faulty = (field: string, text: string) =>
          sendAdmin(
            edge,
            reply.code(422),
            visit,
            settingsPage(
              { settings: settings(), config: ctx.config, ...addressesOf(ctx.db), fault: { field, text, typed: who } },
              visit.site.words,
            ),
          )
        const own = `@${theCommunity(ctx.db).handle}@${ctx.config.host}`
        if (name === 'to' && typed.trim().replace(/^@?/, '@').toLowerCase() !== own.toLowerCase())
          return faulty('to-typed', t('settings.typeOwn', { own }))
        try {
          const actor = await move(who.trim())
          return done(edge, reply, visit, SETTINGS, t(`settings.moved.${name}`, { actor }))
        } catch (error) {
          if (!(error instanceof Refusal)) throw error
          return faulty(`${name}-who`, refusalWords(visit.site.words, error))
        }
      },
    })
}
