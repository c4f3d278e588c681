import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import type { Bundle } from 'fhir/r4'
import { ERROR_CODES, type ErrorCode } from '../../../protocol/error-codes'
import { signImport } from '../../../protocol/import-signature'
import { PURPOSES_OF_USE } from '../../../protocol/purpose-of-use'
import { type GatewayOnStore, startGatewayOnStore } from './gateway-on-store'
import { nodeDocument, record } from './hub-of-fakes'

const MRN = '10100000042'
const page = readFileSync(`${__dirname}/../../../docs/import-client.md`, 'utf8')

/** The text between a heading and the next one of its kind. */
function section(heading: string): string {
  return page.split(/^## /m).find((part) => part.startsWith(heading)) ?? ''
}

function blocks(heading: string, language: string): string {
  const found = section(heading).matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))
  return [...found].map(([, text]) => text).join('')
}

const request = blocks('The request', 'sh')
const variables = request.split('\n').slice(0, 4).join('\n')
const olderRequest = `${variables}\n${blocks('The older scheme', 'sh')}`

let gateway: GatewayOnStore

beforeAll(async () => {
  gateway = await startGatewayOnStore(nodeDocument(), 'fh9tqk3xCw8yVb2mN5sLr7dEoPzJ1aGuXiQ0RcT4YkM')
  await gateway.put([
    record('101', MRN, 'Patient', undefined, { gender: 'female' }),
    record('101', MRN, 'Observation', '01A', { performer: [{ reference: 'Practitioner/101.siti' }] }),
    record('101', '101', 'Practitioner', 'siti'),
    record('102', '10200000018', 'Patient', undefined, {
      link: [{ type: 'seealso', other: { reference: `Patient/${MRN}` } }],
    }),
  ])
}, 60_000)

afterAll(() => gateway.stop())

/** Runs a text of the page as it is; everything else comes in by the environment. */
async function run(script: string, variables: Record<string, string> = {}, shell = 'bash') {
  const child = spawn(shell, ['-u', '-e'], {
    env: {
      PATH: process.env['PATH'] ?? '',
      LC_ALL: 'C.UTF-8',
      HUB: gateway.url,
      NODE_NAME: gateway.node.nodeName,
      NODE_PASSWORD: gateway.nodePassword,
      MRN,
      ...variables,
    },
  })
  let output = ''
  let complaints = ''
  child.stdout.on('data', (chunk) => {
    output += chunk
  })
  child.stderr.on('data', (chunk) => {
    complaints += chunk
  })
  child.stdin.end(script)
  const status = await new Promise<number | null>((resolve) => child.once('close', resolve))
  const body: unknown = output.startsWith('{') ? JSON.parse(output) : { output, complaints }
  return { status, body }
}

const idsIn = (body: unknown) => (body as Bundle).entry?.map(({ resource }) => resource?.id)

test('the page has a request to run', () => {
  expect(request).toContain('curl ')
  expect(olderRequest).toContain('Node-Signature')
})

test('a wrong password is answered as the page shows', async () => {
  const { status, body } = await run(request, { NODE_PASSWORD: 'x' })
  expect(status).toBe(22)
  expect(body).toEqual(JSON.parse(blocks('When it is refused', 'json')))
})

test.each([
  ['PATIENT_UNKNOWN', { MRN: '10100000067' }],
  ['PURPOSE_INVALID', { PURPOSE: 'BTG' }],
  ['INVALID_REQUEST', { QUERY: '?_count=1' }],
])('is refused with %s', async (code, change) => {
  const { status, body } = await run(request, change)
  expect(status).toBe(22)
  expect(JSON.stringify(body)).toContain(`"code":"${code}"`)
})

test.each(['bash', 'sh'])('in %s the text of the page brings the record', async (shell) => {
  const { status, body } = await run(request, {}, shell)
  expect([status, idsIn(body)]).toEqual([0, [MRN, `${MRN}.01A`, '10200000018', '101.siti']])
})

test('with a query, a purpose and a reason in any language too', async () => {
  const reason = 'pingsan, "tanpa keluarga" — IGD'
  const { body } = await run(request, { QUERY: '?_linked=false', PURPOSE: 'BTG', REASON: reason })
  expect(idsIn(body)).toEqual([MRN, `${MRN}.01A`, '101.siti'])
  expect(await gateway.audit()).toContainEqual(
    expect.objectContaining({ outcome: 'allowed', node: 'node-102', mrn: MRN, purpose: 'BTG', reason }),
  )
})

test('also with a password that begins like an option', async () => {
  const before = gateway.nodePassword
  gateway.nodePassword = '-out_3xCw8yVb2mN5sLr7dEoPzJ1aGuXiQ0RcT4YkM'
  expect(await run(request)).toMatchObject({ status: 0 })
  gateway.nodePassword = before
})

test('the older scheme is refused, until it is switched on', async () => {
  expect(await run(olderRequest)).toMatchObject({ status: 22 })
  const before = gateway.node
  gateway.node = { ...before, dataAccess: { status: 'accepted', paperScheme: true } }
  expect(idsIn((await run(olderRequest)).body)).toContain(MRN)
  gateway.node = before
})

test("the example's signature is what signImport makes of its values", async () => {
  const table = section('Check your own signature')
  const values = [...table.matchAll(/`([^`]+)`/g)].map(([, value]) => value ?? '')
  const [nodePassword = '', nodeName = '', target = '', date = '', purpose = '', created, nonce = '', signature] =
    values
  const now = new Date(date)
  expect(String(now.getTime() / 1_000)).toBe(created)
  const url = new URL(target, 'https://hub.example')
  const headers = await signImport({ method: 'GET', url, purpose }, { nodeName, nodePassword }, { now, nonce })
  expect(headers['Signature']).toBe(`sig=:${signature}:`)
})

test('lists codes with their status, and the purposes, as they are', () => {
  const refusals = [...section('When it is refused').matchAll(/^\| (\d{3}) \| `([A-Z_]+)` \|/gm)]
  expect(refusals.length).toBeGreaterThan(8)
  for (const [, status, code] of refusals) expect([code, status]).toEqual([code, statusOf(code)])
  const purposes = [...section('Purposes').matchAll(/^\| `([A-Z]+)` \| (.*) \|$/gm)]
  expect(Object.fromEntries(purposes.map(([, code, text]) => [code, text]))).toEqual(PURPOSES_OF_USE)
})

const statusOf = (code = '') => String(ERROR_CODES[code as ErrorCode]?.status)
