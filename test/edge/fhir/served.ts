import { ulid } from 'ulid'
import { fhirRoutes } from '../../../edge/fhir/routes'
import { CodedError } from '../../../protocol/error-codes'
import { refusalOf } from '../../../protocol/refusal-of'
import { closeApp, listen, openApp } from '../../../runtime/http-server'
import { createLog } from '../../../runtime/log'
import { validateResource } from '../../../schemas/fhir/validate-resource'
import { newFolder, type Opened, opened, remove } from '../store/opened'

export interface Answer {
  status: number
  headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever was answered
  body: any
  /** The codes of the contract in an OperationOutcome. */
  codes: string[]
}

export interface Served extends Opened {
  /** With `/fhir`. */
  url: string
  faults: unknown[]
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>
}

/** The FHIR routes of facility 101 over real HTTP and real files. */
export async function served(folder = newFolder()): Promise<Served> {
  const edge = await opened(folder)
  const log = createLog('edge', 'silent')
  const app = openApp(log)
  const faults: unknown[] = []
  app.use(
    '/fhir',
    fhirRoutes({
      ...edge,
      externalId: '101',
      mint: (count) => edge.counter.mint(count),
      newId: () => ulid(),
      now: () => new Date(),
      validate: validateResource,
      version: '0.0.0',
    }),
  )
  closeApp(
    app,
    log,
    (error, { path }) => {
      const refusal = refusalOf(error, path, () => 'fault-1')
      if (refusal.fault !== undefined) faults.push(refusal.fault)
      return refusal
    },
    () => new CodedError('NOT_FOUND', 'There is nothing under this address.'),
  )
  const server = await listen(app, { host: '127.0.0.1', port: 0, setting: 'EDGE_PORT' })
  const url = `${server.url}/fhir`
  return {
    ...edge,
    url,
    faults,
    call: (method, path, body, headers) =>
      call(path.startsWith('http') ? path : `${url}${path}`, method, body, headers),
    close: async () => {
      await server.stop()
      await edge.close()
      remove(folder)
    },
  }
}

async function call(
  url: string,
  method: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await fetch(url, {
    method,
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/fhir+json' }),
      connection: 'close',
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const text = await response.text()
  const parsed = text === '' ? undefined : JSON.parse(text)
  const issues: { details?: { coding?: { code: string }[] } }[] =
    parsed?.resourceType === 'OperationOutcome' ? parsed.issue : []
  return {
    status: response.status,
    headers: response.headers,
    body: parsed,
    codes: [...new Set(issues.map((issue) => issue.details?.coding?.[0]?.code ?? ''))],
  }
}

export const ANA = {
  resourceType: 'Patient',
  name: [{ family: 'Wijaya', given: ['Ana'] }],
  gender: 'female',
  birthDate: '1980-05-12',
  identifier: [{ system: 'urn:nik', value: '3201' }],
  telecom: [{ system: 'phone', value: '+62 812-3456' }],
}

export function weight(patient: string, kilograms: number, at = '2026-03-04'): object {
  return {
    resourceType: 'Observation',
    status: 'final',
    code: { coding: [{ system: 'http://loinc.org', code: '29463-7' }] },
    subject: { reference: patient },
    effectiveDateTime: at,
    valueQuantity: { value: kilograms, unit: 'kg' },
  }
}
