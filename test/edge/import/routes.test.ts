import type { AddressInfo } from 'node:net'
import express from 'express'
import { importRoutes } from '../../../edge/import/routes'
import { codedErrorOf } from '../../../protocol/coded-error-of'
import type { ImportRequest, ImportTicket } from '../../../schemas/generated/types'
import { isImportList, isImportTicket } from '../../../schemas/generated/validators'

const MRN = '10100000042'
let url: string
let close: () => void
let asked: ImportRequest[]
let woken: number

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
  const app = express()
  app.use(
    importRoutes({
      externalId: '102',
      add: async (request) => {
        asked.push(request)
        return ticket
      },
      get: async (id) => (id === ticket.id ? ticket : undefined),
      list: async (limit) => [ticket].slice(0, limit),
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
  expect(woken).toBe(1)
})

test('lists the tickets, and shows one', async () => {
  const list: unknown = await (await fetch(url)).json()
  expect(isImportList(list) && list.imports).toEqual([ticket])
  expect(await (await fetch(`${url}/${ticket.id}`)).json()).toEqual(ticket)
})
