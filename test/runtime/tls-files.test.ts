import { execFileSync } from 'node:child_process'
import { EventEmitter, once } from 'node:events'
import { copyFile, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { TlsFiles } from '../../runtime/tls-files'
import { startHub } from '../support/hub'
import { temporaryFolder } from '../support/processes'

const SILENT = { error: () => {}, info: () => {} }

let folder: Awaited<ReturnType<typeof temporaryFolder>>
const pathOf = (name: string) => join(folder.path, name)

beforeAll(async () => {
  folder = await temporaryFolder()
  for (const name of ['one', 'two']) {
    const names = ['-subj', `/CN=${name}`, '-addext', 'subjectAltName=IP:127.0.0.1']
    const files = ['-keyout', pathOf(`${name}.key`), '-out', pathOf(`${name}.pem`)]
    const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2']
    execFileSync('openssl', ['req', '-x509', ...kind, ...files, ...names], { stdio: 'pipe' })
  }
  await writeFile(pathOf('text'), 'no certificate')
  await writeFile(pathOf('empty'), '')
})
afterAll(() => folder?.remove())

const placesOf = (cert: string, key: string) => ({
  cert: { setting: 'HUB_TLS_CERT', file: pathOf(cert) },
  key: { setting: 'HUB_TLS_KEY', file: pathOf(key) },
})

test.each([
  ['a file that is not there', 'none.pem', 'one.key', /HUB_TLS_CERT can not be read \(ENOENT\)/],
  ['a key file that is not there', 'one.pem', 'none.key', /HUB_TLS_KEY can not be read \(ENOENT\)/],
  ['nothing', 'empty', 'one.key', /HUB_TLS_CERT and HUB_TLS_KEY are not/],
  ['text', 'text', 'one.key', /HUB_TLS_CERT and HUB_TLS_KEY are not/],
  ['the key of another certificate', 'one.pem', 'two.key', /HUB_TLS_CERT and HUB_TLS_KEY are not/],
])('%s is said by the name of its setting', async (_what, cert, key, text) => {
  await expect(TlsFiles.open(placesOf(cert, key), SILENT)).rejects.toThrow(text)
})

test('a pair of which only half is there yet is not used, and the whole one is', async () => {
  await install('one')
  const heard = new EventEmitter()
  const log = { ...SILENT, error: () => heard.emit('complaint') }
  const files = await TlsFiles.open(placesOf('live.pem', 'live.key'), log)
  const applied = new Promise<string>((resolve) => files.watch(({ cert }) => resolve(cert), 10))
  const complaint = once(heard, 'complaint')
  await copyFile(pathOf('two.pem'), pathOf('live.pem'))
  await complaint
  expect(files.current.cert).toBe(await readFile(pathOf('one.pem'), 'utf8'))
  await install('two')
  expect(await applied).toBe(await readFile(pathOf('two.pem'), 'utf8'))
  await files.stop()
})

test('a hub with a certificate speaks TLS from 1.2 on, and takes a new certificate while it runs', async () => {
  await install('one')
  const hub = await startHub({ HUB_TLS_CERT: pathOf('live.pem'), HUB_TLS_KEY: pathOf('live.key') })
  try {
    expect(hub.url).toMatch(/^https:/)
    await expect(shownName(hub.url, { maxVersion: 'TLSv1.1', minVersion: 'TLSv1' })).rejects.toThrow(
      /version|protocol/i,
    )
    expect(await shownName(hub.url)).toBe('one')
    await install('two')
    while ((await shownName(hub.url)) !== 'two') await new Promise((resolve) => setTimeout(resolve, 200))
    await expect(shownName(hub.url, { maxVersion: 'TLSv1.1', minVersion: 'TLSv1' })).rejects.toThrow(
      /version|protocol/i,
    )
  } finally {
    await hub.remove()
  }
})

/** As a renewal does it, one file after the other. */
async function install(name: string): Promise<void> {
  await copyFile(pathOf(`${name}.pem`), pathOf('live.pem'))
  await copyFile(pathOf(`${name}.key`), pathOf('live.key'))
}

/** The common name in the certificate that a new connection is shown. */
async function shownName(
  url: string,
  versions: Partial<Record<'minVersion' | 'maxVersion', 'TLSv1' | 'TLSv1.1'>> = {},
): Promise<unknown> {
  const { hostname, port } = new URL(url)
  // Which versions it takes is asked, not whom to trust. Level 0: old versions need what OpenSSL switches off.
  const socket = connect({
    host: hostname,
    port: Number(port),
    rejectUnauthorized: false,
    ciphers: 'DEFAULT@SECLEVEL=0',
    ...versions,
  })
  try {
    await once(socket, 'secureConnect')
    return socket.getPeerCertificate().subject.CN
  } finally {
    socket.destroy()
  }
}
