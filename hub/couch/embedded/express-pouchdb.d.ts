/** express-pouchdb 4 carries no types; this is the part that is used here. It is an Express 4 application. */
declare module 'express-pouchdb' {
  import type { IncomingMessage, ServerResponse } from 'node:http'

  interface ExpressPouchDB {
    (request: IncomingMessage, response: ServerResponse): void
    /** Called once for each database that a route opens. */
    dbWrapper: { registerWrapper(wrapper: (name: string, db: object, next: () => unknown) => unknown): void }
    use(handler: (...args: never[]) => void): void
  }

  function expressPouchDB(
    pouchDB: unknown,
    options: {
      mode: 'minimumForPouchDB'
      overrideMode: { include: string[]; exclude: string[] }
      inMemoryConfig: true
    },
  ): ExpressPouchDB

  export = expressPouchDB
}
