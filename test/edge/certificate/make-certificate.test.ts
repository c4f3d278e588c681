import { X509Certificate } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { certificateAttention } from '../../../edge/certificate/certificate-attention'
import { keepCertificate } from '../../../edge/certificate/keep-certificate'

let folder: string
let server: Server
let said: string
const NOW = new Date()
const file = (name: string) => readFile(join(folder, 'tls', name), 'utf8')
const make = (isRenewed = false) =>
  keepCertificate({ dataFolder: folder, names: ['klinik.local', '192.168.1.5'], facility: '101', now: NOW, isRenewed })

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'certificate-'))
  said = await make()
  server = createServer({ cert: await file('edge.pem'), key: await file('edge-key.pem') })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterAll(async () => {
  server.close()
  await rm(folder, { recursive: true })
})

/** A real TLS handshake by the rules that every client has. */
function shakeHands(servername: string, ca: string | undefined): Promise<string> {
  const { port } = server.address() as AddressInfo
  return new Promise((resolve) => {
    const isAddress = /^[0-9.]+$/.test(servername)
    const socket = connect({
      ...{ host: '127.0.0.1', port, ...(ca !== undefined && { ca }), minVersion: 'TLSv1.2' },
      ...(isAddress ? {} : { servername }),
    })
    socket.once('secureConnect', () => {
      resolve(socket.authorized ? 'trusted' : 'not authorized')
      socket.destroy()
    })
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
  })
}

test.each([
  ['klinik.local', 'trusted'],
  ['localhost', 'trusted'],
  ['127.0.0.1', 'trusted'],
  ['klinik.example.org', 'ERR_TLS_CERT_ALTNAME_INVALID'],
])('a client that trusts the authority, and asks for %s: %s', async (name, outcome) => {
  expect(await shakeHands(name, await file('ca.pem'))).toBe(outcome)
})

test('a client that was not told of the authority refuses', async () => {
  expect(await shakeHands('klinik.local', undefined)).toMatch(/UNABLE_TO_|SELF_SIGNED/)
})

test('keys are P-256, files are for their owner alone, and the key of the authority is nowhere', async () => {
  const names = await readdir(join(folder, 'tls'))
  expect(names.sort()).toEqual(['ca.pem', 'edge-key.pem', 'edge.pem'])
  for (const name of names) expect((await stat(join(folder, 'tls', name))).mode & 0o777).toBe(0o600)
  const [ca, cert] = [new X509Certificate(await file('ca.pem')), new X509Certificate(await file('edge.pem'))]
  expect(cert.publicKey.asymmetricKeyDetails?.namedCurve).toBe('prime256v1')
  expect([ca.ca, cert.ca, cert.verify(ca.publicKey), cert.checkIssued(ca)]).toEqual([true, false, true, true])
  expect(cert.checkIP('192.168.1.5')).toBe('192.168.1.5')
  expect(Date.parse(cert.validTo)).toBeGreaterThan(NOW.getTime() + 800 * 86_400_000)
  expect(said).toContain(`EDGE_TLS_CERT=${join(folder, 'tls', 'edge.pem')}`)
})

test.each([
  [0, undefined],
  [789, undefined],
  [791, 'good until'],
  [821, 'ended on'],
])('%i days later people are told: %s', async (days, words) => {
  const told = certificateAttention(await file('edge.pem'), new Date(NOW.getTime() + days * 86_400_000))
  expect(told?.[0]).toBe(words && 'CERTIFICATE_EXPIRING')
  expect(told?.[1] ?? '').toContain(words ?? '')
})

test('one that is there stays, unless it is said otherwise', async () => {
  const before = await file('edge.pem')
  await expect(make()).rejects.toThrow('--renew')
  expect(await file('edge.pem')).toBe(before)
  await make(true)
  expect(await file('edge.pem')).not.toBe(before)
  expect(await shakeHands('klinik.local', await file('ca.pem'))).not.toBe('trusted')
})
