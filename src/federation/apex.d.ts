// activitypub-express ships no types; this is the slice of it that engine.ts relies on.
declare module 'activitypub-express' {
  type Doc = Record<string, any>
  export interface ApexSettings {
    name: string
    version: string
    baseUrl: string
    actorParam: string
    objectParam: string
    itemsPerPage: number
    offlineMode: boolean
    routes: Record<string, string>
    context: unknown[]
    store: unknown
    logger: { info(...a: unknown[]): void; warn(...a: unknown[]): void; error(...a: unknown[]): void }
  }
  export interface Apex {
    context: unknown[]
    fromJSONLD(doc: Doc): Promise<Doc | undefined>
    toJSONLD(doc: Doc): Promise<Doc>
    stringifyPublicJSONLD(doc: Doc): string
    getOutbox(actor: Doc, page?: string, includePrivate?: boolean): Promise<Doc>
    getFollowers(actor: Doc, page?: string, includePrivate?: boolean): Promise<Doc>
    getFollowing(actor: Doc, page?: string, includePrivate?: boolean): Promise<Doc>
    validateActivity(doc: unknown): true | undefined
    validateObject(doc: unknown): true | undefined
    jsonldContextLoader(url: string): Promise<{ contextUrl: null; documentUrl: string; document: unknown }>
    [replaced: string]: unknown
  }
  export default function activitypubExpress(settings: ApexSettings): Apex
}
declare module 'activitypub-express/store/interface.js' {
  export default class IApexStore {
    constructor()
  }
}
