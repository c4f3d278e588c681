import { type Answer, askJson, basic } from './ask'
import type { TestCouch } from './couch'
import { type Running, startProgram } from './processes'

const OPERATOR_PASSWORD = 'operator-password-of-the-tests'
export const SECRET_KEY = Buffer.alloc(32, 7).toString('base64url')

/** One of several hubs on one store, as a process. */
export interface GatewayProcess extends Running {
  operator(path: string, options?: { method?: string; body?: unknown }): Promise<Answer>
}

export async function startGatewayProcess(
  store: TestCouch,
  dataFolder: string,
  env: Readonly<Record<string, string>> = {},
): Promise<GatewayProcess> {
  const program = await startProgram(
    ['hub'],
    {
      HUB_DATA: dataFolder,
      COUCHDB_URL: store.url,
      HUB_OPERATOR_PASSWORD: OPERATOR_PASSWORD,
      HUB_SECRET_KEY: SECRET_KEY,
      HUB_LOG_LEVEL: 'warn',
      HUB_RATE_ADDRESS: '1000000',
      HUB_RATE_NODE: '1000000',
      HUB_RATE_REGISTRATIONS: '1000000',
      HUB_RATE_FAILURES: '1000000',
      ...env,
    },
    'HUB_PORT',
    dataFolder,
  )
  return Object.assign(Object.create(program) as Running, {
    operator: (path: string, options: { method?: string; body?: unknown } = {}) =>
      askJson(`${program.url}${path}`, basic('operator', OPERATOR_PASSWORD), options),
  })
}

export const operatorEnv = (gateway: Running) => ({ HUB_URL: gateway.url, HUB_OPERATOR_PASSWORD: OPERATOR_PASSWORD })
