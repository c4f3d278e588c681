import type { AddressInfo } from 'node:net'
import express from 'express'
import { importRoutes } from '../../../edge/import/routes'
import { codedErrorOf } from '../../../protocol/coded-error-of'
import { CodedError } from '../../../protocol/error-codes'
import type { ImportRequest, ImportTicket } from '../../../schemas/generated/types'
import { isImportList, isImportTicket } from '../../../schemas/generated/validators'

const MRN = '10100000042'
let url: string
let close: () => void
let asked: ImportRequest[]
let woken: number
let askers: unknown[]
const ASKER = { name: 'siti', fullName: 'Siti Rahma' }
const OLDER = '01J9ZK3V5N8Q2W4E6R8T0Y1U39'

const ticket: ImportTicket = {
  id: '01J9ZK3V5N8Q2W4E6R8T0Y1U3A',
  mrn: MRN,
  purpose: 'TREAT',
  status: 'waiting',
  requestedAt: '2026-11-22T07:41:03.120Z',
  attempts: 0,
}

beforeEach(async () => {
  asked = []
  woken = 0
  askers = []
  const app = express()
  app.use(
    importRoutes({
      externalId: '102',
      add: async (request, asker) => {
        asked.push(request)
        askers.push(asker)
        return ticket
      },
      get: async (id) => (id === ticket.id ? ticket : undefined),
      list: async (limit, before) =>
        [ticket, { ...ticket, id: OLDER }].filter(({ id }) => before === undefined || id < before).slice(0, limit),
      cancel: async (id, asker) => {
        if (id !== ticket.id) throw new CodedError('IMPORT_ENDED', 'This import has ended: done.')
        return { ...ticket, status: 'cancelled', ...(asker && { cancelledBy: asker }) }
      },
      askerOf: () => ASKER,
      wake: () => {
        woken += 1
      },
    }),
  )
  app.use(((error, _request, response, _next) => {
    const coded = codedErrorOf(error)
    response.status(coded?.status ?? 500).json(coded?.body ?? {})
  }) as express.ErrorRequestHandler)
  const server = app.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/imports`
  close = () => server.close().closeAllConnections()
})

afterEach(() => close())

const post = (body: unknown, contentType = 'application/json') =>
  fetch(url, { method: 'POST', headers: { 'Content-Type': contentType }, body: JSON.stringify(body) })

test.each([
  ['no MRN', {}, 400, 'INVALID_REQUEST'],
  ['what is no MRN', { mrn: '../hub' }, 400, 'INVALID_REQUEST'],
  ['a number', { mrn: 10100000042 }, 400, 'INVALID_REQUEST'],
  ['an MRN of the facility itself', { mrn: '10200000018' }, 400, 'INVALID_REQUEST'],
  ['an unknown purpose', { mrn: MRN, purpose: 'CURIOSITY' }, 400, 'PURPOSE_INVALID'],
  ['breaking the glass without a reason', { mrn: MRN, purpose: 'BTG' }, 400, 'PURPOSE_INVALID'],
  ['a reason of two lines', { mrn: MRN, reason: 'a\nb' }, 400, 'INVALID_REQUEST'],
  ['a reason that is too long', { mrn: MRN, reason: 'x'.repeat(501) }, 400, 'INVALID_REQUEST'],
  ['a field that nobody knows', { mrn: MRN, urgent: true }, 400, 'INVALID_REQUEST'],
  ['a list', [MRN], 400, 'INVALID_REQUEST'],
  ['a body without end', { mrn: MRN, reason: 'x'.repeat(20_000) }, 413, 'BODY_TOO_LARGE'],
])('refuses %s', async (_what, body, status, error) => {
  const response = await post(body)
  expect([response.status, await response.json()]).toEqual([status, { error, reason: expect.any(String) }])
  expect(asked).toEqual([])
})

test('refuses what is not JSON, or not said to be', async () => {
  expect(await (await post({ mrn: MRN }, 'text/plain')).json()).toMatchObject({ error: 'UNSUPPORTED_MEDIA_TYPE' })
  const broken = await fetch(url, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{' })
  expect(await broken.json()).toMatchObject({ error: 'INVALID_JSON' })
})

test('does not know a ticket that is not there', async () => {
  const response = await fetch(`${url}/01J0`)
  expect([response.status, await response.json()]).toEqual([404, expect.objectContaining({ error: 'NOT_FOUND' })])
})

test('takes a request, says where its ticket is, and wakes the worker', async () => {
  const response = await post({ mrn: MRN, purpose: 'BTG', reason: 'pingsan, tanpa keluarga' })
  expect([response.status, response.headers.get('location')]).toEqual([202, `/imports/${ticket.id}`])
  expect(isImportTicket(await response.json())).toBe(true)
  expect(asked).toEqual([{ mrn: MRN, purpose: 'BTG', reason: 'pingsan, tanpa keluarga' }])
  expect(askers).toEqual([ASKER])
  expect(woken).toBe(1)
})

test.each(['limit=0', 'limit=101', 'limit=x', 'before=', 'before=../x', 'before=a&before=b'])(
  'refuses the page %s',
  async (query) => {
    const response = await fetch(`${url}?${query}`)
    expect([response.status, await response.json()]).toEqual([
      400,
      { error: 'INVALID_REQUEST', reason: expect.any(String) },
    ])
  },
)

test('does not cancel what has ended', async () => {
  const response = await fetch(`${url}/${OLDER}`, { method: 'DELETE' })
  expect([response.status, await response.json()]).toEqual([409, expect.objectContaining({ error: 'IMPORT_ENDED' })])
})

test('cancels one, and says who did', async () => {
  const response = await fetch(`${url}/${ticket.id}`, { method: 'DELETE' })
  expect(await response.json()).toMatchObject({ status: 'cancelled', cancelledBy: ASKER })
})

test('lists the tickets by pages, and shows one', async () => {
  const first: unknown = await (await fetch(`${url}?limit=1`)).json()
  expect(isImportList(first) && first).toEqual({ imports: [ticket], next: ticket.id })
  const second: unknown = await (await fetch(`${url}?limit=1&before=${ticket.id}`)).json()
  expect(isImportList(second) && second).toEqual({ imports: [{ ...ticket, id: OLDER }] })

  expect(await (await fetch(`${url}/${ticket.id}`)).json()).toEqual(ticket)
})
