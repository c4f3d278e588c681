import type { RequestHandler, Router } from 'express'
import { CodedError } from '../../protocol/error-codes'
import { EXTERNAL_ID } from '../../protocol/external-id'
import { refusalOf } from '../../protocol/refusal-of'
import { closeApp, type HttpServer, listen, openApp } from '../../runtime/http-server'
import type { Service } from '../../runtime/service'
import { TlsFiles } from '../../runtime/tls-files'
import type { SetupRequest } from '../../schemas/generated/types'
import { type EdgePlace, isHubUrl } from '../settings'
import { openedIn } from '../store/open-failure'
import { EdgeState } from '../store/state'
import { keepFacility } from './facility'
import { COOKIES } from './guard'
import { openPeople } from './open-people'
import { timesOf } from './sessions'
import { setupRoutes } from './setup-routes'

export interface SetupParts {
  readonly pages: RequestHandler
  readonly knownHostsOnly: RequestHandler
  /** The other way to begin: with a backup. */
  readonly restore: Router
  /** What was told is kept: the service is to be stopped, and an edge started. */
  readonly begin: () => void
}

/** An edge that does not know yet which facility it is: it serves its pages, and asks. */
export async function startSetup(place: EdgePlace, service: Service, parts: SetupParts): Promise<HttpServer> {
  const { dataFolder } = place
  const state = await service.started(openedIn(dataFolder, () => EdgeState.open(dataFolder)))
  const now = () => new Date()
  const { people, sessions } = await openPeople(state, { dataFolder, times: timesOf(place), now, isPage: () => true })

  const keep = async ({ facility, hubUrl, admin }: SetupRequest, isSecure: boolean): Promise<string> => {
    if (!EXTERNAL_ID.test(facility.externalId))
      throw invalid('facility.externalId must be 2 to 12 capitals and digits.')
    if (!URL.canParse(hubUrl) || !isHubUrl(new URL(hubUrl))) throw invalid('hubUrl must be an https address.')
    // A try before may have made the account, and been cut off before the facility was kept.
    const person = people.of(admin.name)
      ? await people.change(admin.name, { password: admin.password, role: 'admin' })
      : await people.add({ ...admin, role: 'admin' })
    const token = await sessions.begin(person)
    await keepFacility(dataFolder, { ...facility, name: facility.name.trim(), hubUrl: hubUrl.replace(/\/+$/, '') })
    return COOKIES.set(token, isSecure)
  }

  const app = openApp(service.log)
  app.use(parts.knownHostsOnly)
  app.get('/healthz', (_request, response) => void response.json({ status: 'ok' }))
  app.use(setupRoutes({ keep, begin: parts.begin }))
  app.use(parts.restore)
  app.use(parts.pages)
  closeApp(
    app,
    service.log,
    (error, { path, requestId }) => refusalOf(error, path, () => requestId),
    () => new CodedError('NOT_READY', 'This edge does not know yet which facility it is; open its page and say so.'),
  )
  const tls = place.tls && (await service.started(TlsFiles.open(place.tls, service.log)))
  const at = { host: place.host, port: place.port, setting: 'EDGE_PORT', ...(tls && { tls }) }
  return service.started(listen(app, at))
}

function invalid(reason: string): CodedError {
  return new CodedError('INVALID_REQUEST', reason)
}
