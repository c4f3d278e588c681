import { type Request, type RequestHandler, type Response, Router } from 'express'
import { CodedError } from '../../protocol/error-codes'
import { answerBundle } from './bundles'
import { capabilityStatement } from './capability-statement'
import { type Change, type ChangeResult, createOf, deleteOf, updateOf, type Validate, type Wanted } from './change'
import { findByQuery } from './find-by-query'
import { history } from './history'
import { INTERACTIONS, type InteractionName } from './interactions'
import { readUrlOf } from './read-url'
import { everything, readDocument, readVersion, search } from './reads'
import { applyChanges, type ChangeTools, standing } from './record-changes'
import {
  baseUrlOf,
  formParametersOf,
  ifMatchOf,
  MAX_BODY_BYTES,
  parametersOf,
  part,
  preferenceOf,
  readForm,
  readJson,
  send,
  sendChanged,
  sendDocument,
} from './requests'
import type { SearchTools } from './search'
import { etagOf } from './versions'
import { type Author, writtenBy } from './written-by'

export interface FhirDeps extends SearchTools {
  mint: ChangeTools['mint']
  newId: ChangeTools['newId']
  now: () => Date
  validate: Validate
  /** Of the program, for the capability statement. */
  version: string
  /** Throws where whoever asks may not do this; an entry of a bundle is looked at as if it came by itself. */
  permit?: (request: Request, method: string, path: string) => void
  /** The person who asks, where it is one. */
  authorOf?: (request: Request) => Author | undefined
}

/** FHIR R4 (https://hl7.org/fhir/R4/http.html). Errors are thrown; `fhirRefusal` words them. */
export function fhirRoutes(deps: FhirDeps): Router {
  const router = Router({ caseSensitive: true })
  const handlers = handlersOf(deps)
  for (const { name, method, path } of INTERACTIONS) router[method](path, ...handlers[name])
  for (const path of new Set(INTERACTIONS.map((one) => one.path))) {
    const methods = INTERACTIONS.filter((one) => one.path === path).map(({ method }) => method.toUpperCase())
    router.all(path, (_request, response) => {
      response.setHeader('Allow', methods.join(', '))
      throw new CodedError('METHOD_NOT_ALLOWED', 'This address does not take this method.')
    })
  }
  return router
}

function handlersOf(deps: FhirDeps): Record<InteractionName, RequestHandler[]> {
  const { externalId, validate } = deps
  const startedAt = deps.now()
  const applyFor = (request: Request) => async (wanted: readonly Wanted[]) => {
    for (const { change } of wanted) deps.permit?.(request, METHODS[change.kind], `/fhir/${change.type}`)
    const author = deps.authorOf?.(request)
    const signed = author ? writtenBy(wanted, author, { ...deps, before: await standing(wanted, deps.store) }) : wanted
    return applyChanges(signed, { ...deps, find: findByQuery(deps) })
  }
  const applyOne = async (request: Request, change: Change) => first(await applyFor(request)([{ change, names: [] }]))
  const json = readJson(MAX_BODY_BYTES)

  return {
    capabilities: [
      (request, response) => send(response, 200, capabilityStatement(baseUrlOf(request), deps.version, startedAt)),
    ],
    bundle: [
      ...json,
      async (request, response) => {
        const baseUrl = baseUrlOf(request)
        const withResources = preferenceOf(request) === 'representation'
        const apply = applyFor(request)
        const readUrl = (url: string) => {
          const [path = ''] = url.split('?')
          deps.permit?.(request, 'GET', `/fhir/${path.replace(/^\//, '')}`)
          return readUrlOf(deps, baseUrl, url)
        }
        send(
          response,
          200,
          await answerBundle(request.body, { externalId, baseUrl, validate, withResources, apply, readUrl }),
        )
      },
    ],
    search: [
      async (request, response) =>
        send(response, 200, await search(deps, baseUrlOf(request), part(request, 'type'), parametersOf(request))),
    ],
    searchByForm: [
      ...readForm,
      async (request, response) =>
        send(response, 200, await search(deps, baseUrlOf(request), part(request, 'type'), formParametersOf(request))),
    ],
    everything: [
      async (request, response) =>
        send(response, 200, await everything(deps, baseUrlOf(request), part(request, 'id'), parametersOf(request))),
    ],
    create: [
      ...json,
      async (request, response) => {
        const condition = request.get('if-none-exist')
        const change = createOf(part(request, 'type'), request.body, validate)
        answerChange(
          request,
          response,
          await applyOne(request, condition === undefined ? change : { ...change, ifNoneExist: condition }),
        )
      },
    ],
    read: [
      async (request, response) => {
        const document = await readDocument(deps, part(request, 'type'), part(request, 'id'))
        sendDocument(response, 200, document, true)
      },
    ],
    vread: [
      async (request, response) => {
        const document = await readVersion(deps, part(request, 'type'), part(request, 'id'), part(request, 'version'))
        sendDocument(response, 200, document, true)
      },
    ],
    history: [
      async (request, response) => {
        const [type, id] = [part(request, 'type'), part(request, 'id')]
        send(response, 200, await history(deps.store, baseUrlOf(request), type, id, parametersOf(request)))
      },
    ],
    update: [
      ...json,
      async (request, response) => {
        const change = updateOf(externalId, part(request, 'type'), part(request, 'id'), request.body, validate)
        answerChange(request, response, await applyOne(request, { ...change, ...ifMatchOf(request) }))
      },
    ],
    delete: [
      async (request, response) => {
        const change = deleteOf(externalId, part(request, 'type'), part(request, 'id'))
        answerChange(request, response, await applyOne(request, { ...change, ...ifMatchOf(request) }))
      },
    ],
  }
}

function answerChange(request: Request, response: Response, result: ChangeResult): void {
  if (result.kind !== 'deleted') {
    sendChanged(request, response, result.kind === 'created' ? 201 : 200, result.document)
    return
  }
  if (result.rev !== '') response.setHeader('ETag', etagOf(result.rev))
  send(response, 204, undefined)
}

const METHODS = { create: 'POST', update: 'PUT', delete: 'DELETE' } as const

/** What goes with a change stands behind it. */
function first<T>(items: readonly T[]): T {
  const [item] = items
  if (item === undefined) throw new Error('a change without a result')
  return item
}
