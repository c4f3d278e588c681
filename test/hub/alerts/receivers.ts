import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'
import type { AlertMessage } from '../../../schemas/generated/types'

export interface Hook {
  readonly url: string
  readonly received: { message: AlertMessage; body: string; signature: string; answer: (status: number) => void }[]
  /** Answers by itself with this; undefined: whoever tests answers. */
  status: number | undefined
  close(): Promise<void>
}

/** A real webhook. */
export async function startHook(): Promise<Hook> {
  const hook = { url: '', received: [] as Hook['received'], status: 204 as number | undefined, close }
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    let body = ''
    request.on('data', (chunk) => {
      body += chunk
    })
    request.on('end', () => {
      const give = (status: number) =>
        void response.writeHead(status, { location: `${hook.url}/elsewhere` }).end('thanks')
      const signature = String(request.headers['lontar-signature'])
      hook.received.push({ message: JSON.parse(body) as AlertMessage, body, signature, answer: give })
      if (hook.status !== undefined) give(hook.status)
    })
  }
  const server = createServer(answer)
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  hook.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/lontar`
  async function close() {
    server.closeAllConnections()
    await new Promise((closed) => server.close(closed))
  }
  return hook
}

export interface Mailbox {
  readonly url: string
  readonly letters: { from: string; to: string[]; text: string }[]
  close(): Promise<void>
}

/** A real mail server, that takes nothing without name and password. */
export async function startMailbox(): Promise<Mailbox> {
  const letters: Mailbox['letters'] = []
  const server = new SMTPServer({
    allowInsecureAuth: true,
    // Its certificate would be one that nobody trusts, and rightly refused.
    hideSTARTTLS: true,
    onAuth: ({ username, password }, _session, done) => {
      if (username === 'lontar' && password === 'mail-password') return done(null, { user: username })
      done(new Error('wrong'))
    },
    onData(stream, { envelope: { mailFrom, rcptTo } }, done) {
      let text = ''
      stream.on('data', (chunk) => {
        text += chunk
      })
      stream.on('end', () => {
        const from = mailFrom === false ? '' : mailFrom.address
        letters.push({ from, to: rcptTo.map(({ address }) => address), text })
        done()
      })
    },
  })
  const port = await new Promise<number>((listening) => {
    const listened = server.listen(0, '127.0.0.1', () => listening((listened.address() as AddressInfo).port))
  })
  return {
    url: `smtp://lontar:mail-password@127.0.0.1:${port}`,
    letters,
    close: () => new Promise((closed) => server.close(() => closed())),
  }
}
