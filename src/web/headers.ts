import type { FastifyHelmetOptions } from '@fastify/helmet'

/**
 * Headers of every page: it runs and loads only what is ours, stands in no frame, and tells other sites nothing.
 * @param tiles the one other origin pictures may come from, where the steward has chosen tiles for the map
 */
export function securityHeaders(publicUrl: string, tiles?: { origin: string }): FastifyHelmetOptions {
  return {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:', ...(tiles ? [tiles.origin] : [])],
        connectSrc: ["'self'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    // Not "no-referrer": forms of ours must arrive with the Origin they come from.
    referrerPolicy: { policy: 'same-origin' },
    xFrameOptions: { action: 'deny' },
    // A village on http://localhost must not tell the browser to come by TLS.
    strictTransportSecurity: publicUrl.startsWith('https:') && { maxAge: 31_536_000, includeSubDomains: false },
  }
}
