import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { request } from 'undici'

/** A hub whose rules are others, as after its next release. */
export interface ChangedHub {
  readonly url: string
  /** From now on; and the next push is answered with 401, so that the edge asks for its configuration at once. */
  changeRules(rules: string): void
  stop(): Promise<void>
}

/** Stands before a real hub, and changes nothing but the rules in a configuration. */
export async function startChangedHub(hubUrl: string): Promise<ChangedHub> {
  let rules: string | undefined
  let refuses = false
  const server = createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = []
    for await (const chunk of incoming) chunks.push(chunk as Buffer)
    const { method = 'GET', url = '/', headers } = incoming
    const isConfiguration = url.startsWith('/node/configuration?')
    if (refuses && url.startsWith('/sync/')) {
      refuses = false
      outgoing.writeHead(401, { 'content-type': 'application/json' })
      return void outgoing.end(JSON.stringify({ error: 'UNAUTHENTICATED', reason: 'Once.' }))
    }
    const { connection: _c, 'content-length': _l, 'transfer-encoding': _t, ...kept } = headers
    if (isConfiguration && rules !== undefined) delete kept['if-none-match']
    const answer = await request(`${hubUrl}${url}`, {
      method: method as 'GET',
      headers: kept,
      body: chunks.length > 0 ? Buffer.concat(chunks) : null,
    })
    let body = Buffer.from(await answer.body.arrayBuffer())
    if (isConfiguration && rules !== undefined && answer.statusCode === 200) {
      const configuration = JSON.parse(body.toString('utf8')) as { sync: { rules: string } }
      configuration.sync.rules = rules
      body = Buffer.from(JSON.stringify(configuration))
      delete answer.headers['etag']
    }
    const { connection: _o, 'keep-alive': _k, 'transfer-encoding': _e, 'content-length': _n, ...told } = answer.headers
    outgoing.writeHead(answer.statusCode, told as Record<string, string>)
    outgoing.end(body)
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    changeRules: (changed) => {
      rules = changed
      refuses = true
    },
    stop: () => {
      server.closeAllConnections()
      return new Promise((closed) => server.close(() => closed()))
    },
  }
}
