import { execFileSync } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:https'
import { join } from 'node:path'
import { readCaFile } from '../../runtime/ca-file'
import { lontar } from '../support/command'
import { type RunningEdge, startEdge } from '../support/edge'
import { type RunningHub, startHub } from '../support/hub'
import { temporaryFolder, until } from '../support/processes'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let hub: RunningHub
const edges: RunningEdge[] = []
const pathOf = (name: string) => join(folder.path, name)

/** An authority, and a certificate of it for this machine. */
function certify(name: string): void {
  const openssl = (...words: string[]) => execFileSync('openssl', words, { stdio: 'pipe', cwd: folder.path })
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  openssl(
    'req',
    '-x509',
    ...key,
    '-keyout',
    `${name}-ca.key`,
    '-out',
    `${name}-ca.pem`,
    '-days',
    '2',
    '-subj',
    `/CN=${name} authority`,
  )
  const names = ['-subj', '/CN=hub', '-addext', 'subjectAltName=IP:127.0.0.1']
  openssl('req', ...key, '-keyout', `${name}.key`, '-out', `${name}.csr`, ...names)
  const signing = ['-CA', `${name}-ca.pem`, '-CAkey', `${name}-ca.key`, '-CAcreateserial', '-copy_extensions', 'copy']
  openssl('x509', '-req', '-in', `${name}.csr`, '-out', `${name}.pem`, '-days', '2', ...signing)
}

beforeAll(async () => {
  folder = await temporaryFolder()
  certify('ministry')
  certify('other')
  await writeFile(pathOf('text'), 'no certificate')
  hub = await startHub({ HUB_TLS_CERT: pathOf('ministry.pem'), HUB_TLS_KEY: pathOf('ministry.key') })
}, 60_000)
afterAll(async () => {
  for (const edge of edges) await edge.remove()
  await hub?.remove()
  await folder?.remove()
})

const edgeWith = async (hubUrl: string, caFile: string) => {
  const edge = await startEdge('101', hubUrl, { HUB_CA_FILE: pathOf(caFile) })
  edges.push(edge)
  return edge
}

test.each(['none.pem', 'text'])('%s is said by the name of the setting', async (file) => {
  await expect(readCaFile('HUB_CA_FILE', pathOf(file))).rejects.toThrow(/HUB_CA_FILE/)
})

test('a hub that another authority has signed gets nothing of the edge', async () => {
  let requests = 0
  let handshakes = 0
  const [cert, key] = await Promise.all(['other.pem', 'other.key'].map((name) => readFile(pathOf(name), 'utf8')))
  const impostor = createServer({ cert, key }, (_request, response) => {
    requests++
    response.end('{}')
  })
  impostor.on('tlsClientError', () => handshakes++)
  await new Promise<void>((listening) => impostor.listen(0, '127.0.0.1', listening))
  const { port } = impostor.address() as { port: number }
  const edge = await edgeWith(`https://127.0.0.1:${port}`, 'ministry-ca.pem')
  await until('it was tried', async () => handshakes > 0)
  expect(requests).toBe(0)
  expect((await edge.status()).registration.status).toBe('unregistered')
  impostor.close()
  impostor.closeAllConnections()
})

test('the one that the named authority has signed is asked, by the edge and by the command line', async () => {
  const edge = await edgeWith(hub.url, 'ministry-ca.pem')
  await until('it waits', async () => (await edge.status()).registration.status === 'pending')
  const env = { HUB_URL: hub.url, HUB_OPERATOR_PASSWORD: hub.operatorPassword }
  const right = await lontar(['hub', 'registrations'], { ...env, HUB_CA_FILE: pathOf('ministry-ca.pem') })
  expect([right.code, right.out]).toEqual([0, expect.stringContaining('101')])
  const wrong = await lontar(['hub', 'registrations'], { ...env, HUB_CA_FILE: pathOf('other-ca.pem') })
  expect([wrong.code, wrong.err]).toEqual([1, expect.stringContaining('No hub answers')])
})
