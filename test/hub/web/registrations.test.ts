import { decidedOf } from '../../../hub/web/registrations/decided'
import { contestsOf, obstacleOf } from '../../../hub/web/registrations/groups'
import { comparedWith, spaced } from '../../../hub/web/registrations/pairing'
import type { NodeSummary, RegistrationSummary } from '../../../schemas/generated/types'

let made = 0
function asking(externalId: string, part: Partial<RegistrationSummary> = {}): RegistrationSummary {
  made++
  return {
    id: `${made}`.padStart(26, 'a'),
    externalId,
    name: `Facility ${externalId}`,
    claimHash: '0'.repeat(64),
    pairingCode: '3F7K9QWD',
    status: 'pending',
    requestedAt: `2026-11-22T07:${String(made).padStart(2, '0')}:00.000Z`,
    ...part,
  }
}

function accepted(externalId: string, part: Partial<NodeSummary> = {}): NodeSummary {
  return {
    nodeName: `node-${externalId}`,
    externalId,
    name: `Facility ${externalId}`,
    registrationId: 'a'.repeat(26),
    state: 'active',
    acceptedAt: '2026-11-22T07:00:00.000Z',
    configurationVersion: 1,
    dataAccess: { status: 'none' },
    ...part,
  }
}

const idsOf = (waiting: RegistrationSummary[]) =>
  contestsOf(waiting).map(({ registrations }) => registrations.map(({ externalId }) => externalId))

describe('registrations that wait', () => {
  beforeEach(() => {
    made = 0
  })

  test('stand alone where nothing is in their way', () => {
    expect(idsOf([asking('101'), asking('102')])).toEqual([['101'], ['102']])
    expect(contestsOf([asking('101')])[0]?.isContested).toBe(false)
  })

  test('stand together where several machines ask for one external ID', () => {
    expect(idsOf([asking('101'), asking('205'), asking('101')])).toEqual([['101', '101'], ['205']])
  })

  test('stand together where one external ID begins another, also by way of a third', () => {
    expect(idsOf([asking('101'), asking('102'), asking('10'), asking('20')])).toEqual([['101', '10', '102'], ['20']])
  })

  test('begin with the one that has waited longest', () => {
    const late = asking('300', { requestedAt: '2026-11-23T00:00:00.000Z' })
    const early = asking('400', { requestedAt: '2026-11-21T00:00:00.000Z' })
    expect(idsOf([late, early])).toEqual([['400'], ['300']])
  })
})

describe('what is in the way of a registration', () => {
  test.each([
    ['101', ['101'], '101'],
    ['101', ['10'], '10'],
    ['10', ['101'], '101'],
    ['101', ['102', '20'], undefined],
  ])('%s beside %j: %s', (externalId, nodes, expected) => {
    const found = obstacleOf(
      externalId,
      nodes.map((id) => accepted(id)),
    )
    expect(found?.externalId).toBe(expected)
  })

  test('not the facility itself where it may register anew, but one that overlaps with it all the same', () => {
    const reopened = accepted('101', { reopenedAt: '2026-11-22T08:00:00.000Z' })
    expect(obstacleOf('101', [reopened])).toBeUndefined()
    expect(obstacleOf('1012', [reopened])).toBe(reopened)
  })
})

describe('the pairing code', () => {
  test('is shown in two halves', () => expect(spaced('3F7K9QWD')).toBe('3F7K 9QWD'))

  test.each([
    ['3f7k 9qwd', 'same'],
    ['3F7K-9QWD', 'same'],
    ['', 'typing'],
    ['3f7', 'typing'],
    ['3f8', 'different'],
    ['3F7K9QWD1', 'different'],
    ['9QWD3F7K', 'different'],
  ])('%s is %s', (typed, expected) => expect(comparedWith('3F7K9QWD', typed)).toBe(expected))

  test('takes letters for the digits that they look like', () => {
    expect(comparedWith('10010010', 'lOoIO0iO')).toBe('same')
  })
})

describe('decided registrations', () => {
  const at = (day: number) => ({ decidedAt: `2026-11-${day}T00:00:00.000Z` })

  test('the newest decision comes first, and those that wait are left out', () => {
    const list = [
      asking('101', { status: 'accepted', ...at(20) }),
      asking('102'),
      asking('103', { status: 'rejected', ...at(21) }),
    ]
    expect(decidedOf(list).map(({ registration }) => registration.externalId)).toEqual(['103', '101'])
  })

  test('only the newest of a facility that is neither accepted nor waiting may ask again', () => {
    const older = asking('101', { status: 'rejected', ...at(20) })
    const newer = asking('101', { status: 'rejected', ...at(21) })
    const taken = asking('102', { status: 'rejected', ...at(22) })
    const list = [older, newer, taken, asking('102')]
    expect(
      decidedOf(list)
        .filter(({ mayAskAgain }) => mayAskAgain)
        .map(({ registration }) => registration),
    ).toEqual([newer])
  })
})
