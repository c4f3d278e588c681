import type { AppSession } from '../../../schemas/generated/types'
import { type Answer, askJson } from '../../support/ask'

export const PASSWORDS = {
  siti: 'empat kuda di pantai',
  budi: 'lima sapi di sawah',
  rina: 'enam itik di kolam',
} as const

/** A browser: keeps its cookie, and sends the token with changes. */
export class Browser {
  cookie = ''
  csrfToken = ''

  constructor(readonly url: string) {}

  async ask(
    path: string,
    options: { method?: string; body?: unknown; headers?: Record<string, string> } = {},
  ): Promise<Answer> {
    const answer = await askJson(`${this.url}${path}`, undefined, {
      ...options,
      headers: { cookie: this.cookie, 'x-csrf-token': this.csrfToken, ...options.headers },
    })
    const [set] = answer.headers.getSetCookie()
    if (set !== undefined) this.cookie = set.split(';')[0] ?? ''
    const { csrfToken } = (answer.body ?? {}) as Partial<AppSession>
    if (csrfToken !== undefined) this.csrfToken = csrfToken
    return answer
  }

  signIn(name: string, password: string): Promise<Answer> {
    return this.ask('/app/session', { method: 'POST', body: { name, password } })
  }

  /** The first one is an admin. */
  addPerson(name: keyof typeof PASSWORDS, role: string): Promise<Answer> {
    const body = { name, fullName: `${name} Rahayu`, role, password: PASSWORDS[name] }
    return this.ask('/app/people', { method: 'POST', body })
  }
}
