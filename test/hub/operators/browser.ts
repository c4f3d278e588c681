import type { Answered, Asked, OperatorGateway } from './serve-operators'

/** A browser with a page of the hub in it: keeps the cookie, knows the token, says where it is from. */
export class Browser {
  cookie: string | undefined
  csrfToken = ''

  constructor(
    readonly gateway: OperatorGateway,
    readonly from = '127.0.0.1',
  ) {}

  async signIn(name: string, password: string, totp?: string): Promise<Answered> {
    const body = { name, password, ...(totp !== undefined && { totp }) }
    const answer = await this.ask('/operator/session', { method: 'POST', body })
    this.csrfToken = (answer.body['csrfToken'] as string | undefined) ?? this.csrfToken
    return answer
  }

  signOut(): Promise<Answered> {
    return this.ask('/operator/session', { method: 'DELETE' })
  }

  async ask(path: string, asked: Asked = {}): Promise<Answered> {
    const isChange = (asked.method ?? (asked.body === undefined ? 'GET' : 'POST')) !== 'GET'
    const answer = await this.gateway.ask(path, {
      from: this.from,
      ...asked,
      headers: {
        ...(this.cookie !== undefined && { cookie: this.cookie }),
        ...(isChange && { origin: this.gateway.url, 'x-csrf-token': this.csrfToken }),
        ...asked.headers,
      },
    })
    for (const set of answer.cookies) this.cookie = /Max-Age=0/.test(set) ? undefined : set.split(';')[0]
    return answer
  }

  /** The same browser, when a balancer sends it to another gateway. */
  at(gateway: OperatorGateway): Browser {
    return Object.assign(new Browser(gateway, this.from), { cookie: this.cookie, csrfToken: this.csrfToken })
  }

  /** Who the hub says that it is, or the code of the refusal. */
  async who(): Promise<unknown> {
    const { status, code, body } = await this.ask('/operator/session')
    return status === 200 ? body['name'] : code
  }
}
