import { execFileSync } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Agent, request } from 'undici'
import { readTls } from '../../hub/tls'
import { startHub } from '../support/hub'
import { temporaryFolder } from '../support/processes'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
const pathOf = (name: string) => join(folder.path, name)

beforeAll(async () => {
  folder = await temporaryFolder()
  for (const name of ['one', 'two']) {
    const names = ['-subj', '/CN=hub', '-addext', 'subjectAltName=IP:127.0.0.1']
    const files = ['-keyout', pathOf(`${name}.key`), '-out', pathOf(`${name}.pem`)]
    const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2']
    execFileSync('openssl', ['req', '-x509', ...kind, ...files, ...names], { stdio: 'pipe' })
  }
  await writeFile(pathOf('text'), 'no certificate')
})
afterAll(() => folder?.remove())

test.each([
  ['a file that is not there', 'none.pem', 'one.key', /HUB_TLS_CERT can not be read \(ENOENT\)/],
  ['a key file that is not there', 'one.pem', 'none.key', /HUB_TLS_KEY can not be read \(ENOENT\)/],
  ['text', 'text', 'one.key', /HUB_TLS_CERT and HUB_TLS_KEY are not/],
  ['the key of another certificate', 'one.pem', 'two.key', /HUB_TLS_CERT and HUB_TLS_KEY are not/],
])('%s is said by the name of its setting', async (_what, cert, key, text) => {
  await expect(readTls({ certFile: pathOf(cert), keyFile: pathOf(key) })).rejects.toThrow(text)
})

test('a hub with a certificate speaks TLS, and says so', async () => {
  const hub = await startHub({ HUB_TLS_CERT: pathOf('one.pem'), HUB_TLS_KEY: pathOf('one.key') })
  const dispatcher = new Agent({ connect: { ca: await readFile(pathOf('one.pem'), 'utf8') } })
  try {
    expect(hub.url).toMatch(/^https:/)
    const answer = await request(`${hub.url}/readyz`, { dispatcher })
    expect([answer.statusCode, await answer.body.json()]).toEqual([200, { status: 'ok' }])
  } finally {
    await dispatcher.close()
    await hub.remove()
  }
})
