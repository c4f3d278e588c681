import type { AddressInfo } from 'node:net'
import { accessRouter } from '../../../hub/access/access-router'
import { type ImportRoutesDeps, importRoutes } from '../../../hub/import/routes'
import { CodedError } from '../../../protocol/error-codes'
import { refusalOf } from '../../../protocol/refusal-of'
import { closeApp, openApp } from '../../../runtime/http-server'

/** The import's routes behind real HTTP, their errors answered as the hub does. */
export async function serveImports(
  deps: Omit<ImportRoutesDeps, 'imported' | 'admit'> & Partial<Pick<ImportRoutesDeps, 'admit'>>,
  onGone: () => void = () => undefined,
): Promise<{ url: string; stop: () => Promise<void> }> {
  const app = openApp(deps.log)
  const unasked = () => Promise.reject(new Error('a signature is all that an import is known by'))
  app.use((_request, response, next) => {
    response.once('close', onGone)
    next()
  })
  app.use(
    accessRouter(importRoutes({ admit: async () => undefined, ...deps, imported: () => undefined }), {
      claim: unasked,
      'node password': unasked,
      operator: unasked,
      'metrics token': unasked,
    }),
  )
  closeApp(
    app,
    deps.log,
    (error, { path }) => refusalOf(error, path, () => 'fault-1'),
    () => new CodedError('NOT_FOUND', 'There is nothing here.'),
  )
  const server = app.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
