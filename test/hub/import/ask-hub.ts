import type { Bundle, OperationOutcome } from 'fhir/r4'
import { newNonce, signImport } from '../../../protocol/import-signature'
import { ERROR_CODE_SYSTEM } from '../../../protocol/operation-outcome'

export interface Asked {
  mrn?: string
  query?: string
  method?: string
  purpose?: string
  headers?: Record<string, string>
  nonce?: string
  now?: Date
  nodePassword?: string
  nodeName?: string
  signal?: AbortSignal
}

/** A signed request, of node-102 unless it says otherwise. */
export async function askHub(hub: { url: string; nodePassword: string }, asked: Asked = {}) {
  const url = new URL(`/fhir/Patient/${asked.mrn ?? '10100000042'}/$everything${asked.query ?? ''}`, hub.url)
  const method = asked.method ?? 'GET'
  const headers = await signImport(
    { method, url, purpose: asked.purpose ?? 'TREAT' },
    { nodeName: asked.nodeName ?? 'node-102', nodePassword: asked.nodePassword ?? hub.nodePassword },
    { now: asked.now ?? new Date(), nonce: asked.nonce ?? newNonce() },
  )
  return answerOf(await fetch(url, { method, headers: { ...headers, ...asked.headers }, signal: asked.signal ?? null }))
}

export async function answerOf(response: Response) {
  const text = await response.text()
  const body: unknown = text.startsWith('{') ? JSON.parse(text) : undefined
  const outcome = body as OperationOutcome | undefined
  const coding = outcome?.resourceType === 'OperationOutcome' ? outcome.issue[0]?.details?.coding?.[0] : undefined
  if (coding) expect(coding.system).toBe(ERROR_CODE_SYSTEM)
  return { status: response.status, headers: response.headers, code: coding?.code, bundle: body as Bundle }
}
