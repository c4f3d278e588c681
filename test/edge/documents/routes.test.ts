import type { AddressInfo } from 'node:net'
import express from 'express'
import type { DiagnosticReport, DocumentReference, Resource } from 'fhir/r4'
import { documentRoutes } from '../../../edge/documents/routes'
import { codedErrorOf } from '../../../protocol/coded-error-of'

const base64 = (text: string) => Buffer.from(text).toString('base64')
const HTML = '<script>alert(1)</script>'
const attachments = [
  { contentType: 'application/pdf', data: base64('%PDF-1.4'), title: 'Surat rujukan' },
  { contentType: 'text/html', data: base64(HTML), title: 'page.html' },
  { contentType: 'image/svg+xml', data: base64('<svg onload="alert(1)"/>') },
  { contentType: 'Text/Plain; charset=latin1', data: base64(HTML), title: 'Hasil “é”\r\nX: y' },
  { contentType: 'application/xhtml+xml, image/png', data: base64(HTML) },
  { contentType: 'application/pdf', url: 'https://example.org/a.pdf' },
  { contentType: 'image/png', data: base64('png'), title: `x${'𠮷'.repeat(80)}` },
]
const DOCUMENT: DocumentReference = {
  resourceType: 'DocumentReference',
  status: 'current',
  content: attachments.map((attachment) => ({ attachment })),
}
const REPORT: DiagnosticReport = {
  resourceType: 'DiagnosticReport',
  status: 'final',
  code: { text: 'X-ray' },
  presentedForm: [{ contentType: 'image/png', data: base64('png') }],
}
const RESOURCES: Record<string, Resource> = {
  DocumentReference: DOCUMENT,
  DiagnosticReport: REPORT,
  Patient: { resourceType: 'Patient' },
}

let url: string
let close: () => void

beforeAll(async () => {
  const app = express()
  app.use(documentRoutes(async (type) => RESOURCES[type] ?? { resourceType: 'Patient' }))
  app.use(((error, _request, response, _next) => {
    response.status(codedErrorOf(error)?.status ?? 500).json(codedErrorOf(error)?.body ?? {})
  }) as express.ErrorRequestHandler)
  const server = app.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/app/documents`
  close = () => server.close().closeAllConnections()
})
afterAll(() => close())

test.each([
  ['a number that is none', 'DocumentReference/x/a'],
  ['a file that is not there', 'DocumentReference/x/7'],
  ['a file that is somewhere else', 'DocumentReference/x/5'],
  ['a resource without files', 'Patient/x/0'],
])('does not open %s', async (_what, path) => {
  const response = await fetch(`${url}/${path}`)
  expect([response.status, await response.json()]).toEqual([404, expect.objectContaining({ error: 'NOT_FOUND' })])
})

test.each([
  ['HTML', 1, 'page.html'],
  ['SVG', 2, 'document'],
  ['what calls itself several things', 4, 'document'],
])('%s is a file to be saved, and never a page', async (_what, number, name) => {
  const { headers } = await fetch(`${url}/DocumentReference/x/${number}`)
  expect(headers.get('content-type')).toBe('application/octet-stream')
  expect(headers.get('content-disposition')).toBe(`attachment; filename="${name}"; filename*=UTF-8''${name}`)
})

test('nothing in a file can run, and nothing of it stays on the disk of the browser', async () => {
  for (let number = 0; number < 5; number++) {
    const { headers } = await fetch(`${url}/DocumentReference/x/${number}`)
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(headers.get('cache-control')).toBe('no-store')
  }
})

test('text is shown as text, its name without what could break a header', async () => {
  const response = await fetch(`${url}/DocumentReference/x/3`)
  expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8')
  expect(response.headers.get('content-disposition')).toBe(
    `inline; filename="Hasil _X y.txt"; filename*=UTF-8''${encodeURIComponent('Hasil éX y.txt')}`,
  )
  expect(await response.text()).toBe(HTML)
})

test('opens a letter and the picture of a report', async () => {
  const letter = await fetch(`${url}/DocumentReference/x/0`)
  expect([letter.headers.get('content-type'), await letter.text()]).toEqual(['application/pdf', '%PDF-1.4'])
  expect(letter.headers.get('content-disposition')).toMatch(/^inline; filename="Surat rujukan.pdf"/)
  expect((await fetch(`${url}/DiagnosticReport/x/0`)).headers.get('content-type')).toBe('image/png')
})

test('opens a file whose long name is of letters that take two places', async () => {
  const { status, headers } = await fetch(`${url}/DocumentReference/x/6`)
  expect(status).toBe(200)
  expect(headers.get('content-disposition')).toContain(`${encodeURIComponent('𠮷'.repeat(79))}.png`)
})
