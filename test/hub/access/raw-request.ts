import { Agent, request } from 'node:http'

export interface RawAnswer {
  status: number
  headers: Readonly<Record<string, string | string[] | undefined>>
  text: string
  /** The code of an error: in the body, or in the OperationOutcome under /fhir. */
  code: string | undefined
}

const agent = new Agent({ keepAlive: true, maxSockets: 4 })

/** A request whose target goes over the wire as it stands: nothing is normalised on the way. */
export function rawRequest(base: string, { method, target, headers = {}, body }: RawRequest): Promise<RawAnswer> {
  const { hostname, port } = new URL(base)
  const text = body === undefined ? undefined : JSON.stringify(body)
  const all = { ...headers, ...(text !== undefined && { 'content-type': 'application/json' }) }
  return new Promise((resolve, reject) => {
    const asked = request({ hostname, port, method, path: target, headers: all, agent }, (answer) => {
      const chunks: Buffer[] = []
      answer.on('data', (chunk: Buffer) => chunks.push(chunk))
      answer.on('error', reject)
      answer.on('end', () => {
        const received = Buffer.concat(chunks).toString('utf8')
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text: received, code: codeIn(received) })
      })
    })
    asked.on('error', reject)
    asked.end(text)
  })
}

export interface RawRequest {
  method: string
  target: string
  headers?: Readonly<Record<string, string>>
  body?: unknown
}

export function closeConnections(): void {
  agent.destroy()
}

interface ErrorText {
  error?: string
  issue?: { details?: { coding?: { code?: string }[] } }[]
}

function codeIn(text: string): string | undefined {
  try {
    const { error, issue } = JSON.parse(text) as ErrorText
    return error ?? issue?.[0]?.details?.coding?.[0]?.code
  } catch {
    return undefined
  }
}
