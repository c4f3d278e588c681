import { importSentence } from '../../../../edge/web/imports/import-sentence'
import type { EdgeStatus, ImportTicket } from '../../../../schemas/generated/types'

const ticket: ImportTicket = {
  id: '01J9ZK3V5N8Q2W4E6R8T0Y1U3A',
  mrn: '10100000018',
  purpose: 'TREAT',
  status: 'waiting',
  requestedAt: '2026-11-22T07:41:03.120Z',
  attempts: 0,
}
type Edge = Pick<EdgeStatus, 'registration' | 'dataAccess'>
const edge = (registration: string, dataAccess: string) =>
  ({ registration: { status: registration }, dataAccess: { status: dataAccess } }) as Edge
const ALL_WELL = edge('accepted', 'accepted')
const because = (error: string): Partial<ImportTicket> => ({ lastError: { error, reason: '' } })

test.each([
  ['nothing was tried yet', {}, ALL_WELL, 'soon'],
  ['the link is down', because('HUB_UNREACHABLE'), ALL_WELL, 'noLink'],
  ['the hub does not know the patient yet', because('PATIENT_UNKNOWN'), ALL_WELL, 'unknownYet'],
  ['the hub is full', because('OVERLOADED'), ALL_WELL, 'later'],
  ['the ministry has not decided', {}, edge('accepted', 'pending'), 'noAccess'],
  ['the hub says that data access is lacking', because('DATA_ACCESS_REQUIRED'), ALL_WELL, 'noAccess'],
  [
    'the ministry has said no, whatever was before',
    because('HUB_UNREACHABLE'),
    edge('accepted', 'rejected'),
    'accessRefused',
  ],
  ['the facility is suspended', {}, edge('suspended', 'accepted'), 'suspended'],
  ['the facility was never accepted', {}, edge('pending', 'none'), 'notRegistered'],
  ['nothing is known of the edge', {}, undefined, 'soon'],
] as const)('says why one waits: %s', (_why, part, now, key) => {
  expect(importSentence({ ...ticket, ...part }, now)).toEqual({ key, tone: 'waiting', deeds: ['cancel'] })
})

test.each([
  ['CONSENT_REFUSED', 'consent', ['breakGlass']],
  ['PATIENT_UNKNOWN', 'unknown', ['again']],
  ['BODY_TOO_LARGE', 'tooLarge', []],
  ['SIGNATURE_INVALID', 'keyRefused', ['again']],
  ['PURPOSE_INVALID', 'failed', ['again']],
])('says what to do after %s', (code, key, deeds) => {
  expect(importSentence({ ...ticket, status: 'failed', ...because(code) }, ALL_WELL)).toMatchObject({ key, deeds })
})

test('what consent kept back can be opened in an emergency, unless that was done', () => {
  const partly: ImportTicket = { ...ticket, status: 'done', withheld: true }
  expect(importSentence(partly, ALL_WELL).deeds).toEqual(['open', 'breakGlass'])
  expect(importSentence({ ...partly, purpose: 'BTG' }, ALL_WELL).deeds).toEqual(['open'])
})

test('what runs can be cancelled, what was cancelled asked for again', () => {
  expect(importSentence({ ...ticket, status: 'running' }, ALL_WELL).deeds).toEqual(['cancel'])
  expect(importSentence({ ...ticket, status: 'cancelled' }, ALL_WELL).deeds).toEqual(['again'])
})
