import { join } from 'node:path'
import { DRAFT_DAYS, KeptDrafts } from '../../../edge/drafts/kept-drafts'
import { EdgeState } from '../../../edge/store/state'
import type { Draft } from '../../../schemas/generated/types'
import { isDraft } from '../../../schemas/generated/validators'
import { askJson, freePort } from '../../support/ask'
import { type Running, startProgram, temporaryFolder } from '../../support/processes'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
beforeAll(async () => {
  folder = await temporaryFolder()
})
afterAll(() => folder.remove())

const typed = (text: string, sequence = 1, more: object = {}) => ({
  content: { complaint: text },
  writer: 'window-1',
  sequence,
  ...more,
})

describe('drafts', () => {
  let state: EdgeState
  let clock = Date.parse('2026-11-22T07:00:00.000Z')
  const now = () => new Date(clock)
  const open = (most?: number) => KeptDrafts.open(state.part<Draft>('drafts'), now, most)
  beforeEach(async () => {
    state = await EdgeState.open(join(folder.path, String(Math.random())))
  })
  afterEach(() => state.stop())

  test('refuse one too many, and put out none for it', async () => {
    const drafts = await open(2)
    await drafts.keep('', 'a', typed('a'))
    await drafts.keep('', 'b', typed('b'))
    await expect(drafts.keep('', 'c', typed('c'))).rejects.toMatchObject({ code: 'TOO_MANY_DRAFTS' })
    await drafts.keep('', 'a', typed('again', 2))
    await drafts.discard('', 'b')
    await drafts.keep('', 'c', typed('c'))
    expect((await drafts.get('', 'a'))?.content).toEqual({ complaint: 'again' })
  })

  test('refuse what another window typed without having seen what is kept', async () => {
    const drafts = await open()
    const { savedAt } = await drafts.keep('', 'a', typed('first'))
    const second = typed('second', 1, { writer: 'window-2' })
    await expect(drafts.keep('', 'a', second)).rejects.toMatchObject({ code: 'EDIT_CONFLICT' })
    expect((await drafts.get('', 'a'))?.content).toEqual({ complaint: 'first' })
    expect((await drafts.keep('', 'a', { ...second, basedOn: savedAt })).content).toEqual({ complaint: 'second' })
  })

  test('are one person’s', async () => {
    const drafts = await open()
    await drafts.keep('ana', 'a', typed('hers'))
    expect(await drafts.get('budi', 'a')).toBeUndefined()
    await drafts.discard('budi', 'a')
    expect(await drafts.get('ana', 'a')).toBeDefined()
  })

  test('keep the later of two that came in the wrong order', async () => {
    const drafts = await open()
    await drafts.keep('', 'a', typed('later', 2))
    expect((await drafts.keep('', 'a', typed('earlier', 1))).content).toEqual({ complaint: 'later' })
  })

  test('are told of to others at the same form, while somebody types', async () => {
    const drafts = await open()
    await drafts.keep('siti', 'visit.1', typed('a'))
    await drafts.keep('siti', 'visit.2', typed('a'))
    await drafts.keep('budi', 'visit.1', typed('b'))
    expect([drafts.othersAt('budi', 'visit.1'), drafts.othersAt('siti', 'visit.1')]).toEqual([['siti'], ['budi']])
    expect(drafts.othersAt('siti', 'visit.2')).toEqual([])
    await drafts.discard('siti', 'visit.1')
    expect(drafts.othersAt('budi', 'visit.1')).toEqual([])
    clock += 31 * 60_000
    expect(drafts.othersAt('siti', 'visit.1')).toEqual([])
  })

  test('are forgotten when they are old, and then make room', async () => {
    const drafts = await open(1)
    await drafts.keep('', 'a', typed('a'))
    clock += (DRAFT_DAYS + 1) * 86_400_000
    expect(await drafts.get('', 'a')).toBeUndefined()
    await drafts.keep('', 'b', typed('b'))
    expect(await state.part<Draft>('drafts').keys().all()).toEqual([' b'])
  })
})

describe('over HTTP, from a real edge', () => {
  let edge: Running
  const at = (id: string) => `${edge.url}/app/drafts/${id}`
  const put = (id: string, body: unknown) => askJson(at(id), undefined, { method: 'PUT', body })
  beforeAll(async () => {
    const data = join(folder.path, 'edge')
    const env = { EDGE_DATA: data, EDGE_EXTERNAL_ID: '101', HUB_URL: `http://127.0.0.1:${await freePort()}` }
    edge = await startProgram(['edge'], env, 'EDGE_PORT', data)
  }, 90_000)
  afterAll(() => edge.stop())

  test.each<[string, string, unknown, number, string]>([
    ['a name with a slash', 'a%2Fb', typed('x'), 400, 'INVALID_REQUEST'],
    ['a name that is too long', 'a'.repeat(101), typed('x'), 400, 'INVALID_REQUEST'],
    ['text instead of a form', 'a', { ...typed('x'), content: 'x' }, 400, 'INVALID_REQUEST'],
    ['no writer', 'a', { content: {}, sequence: 1 }, 400, 'INVALID_REQUEST'],
    ['nothing', 'a', undefined, 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['more than a closing page can send', 'a', typed('x'.repeat(66_000)), 413, 'BODY_TOO_LARGE'],
  ])('refuses %s', async (_what, id, body, status, error) => {
    expect(await put(id, body)).toMatchObject({ status, body: { error } })
  })

  test('has none that nobody kept', async () => {
    expect(await askJson(at('none'), undefined)).toMatchObject({ status: 204, body: '' })
    expect((await askJson(at('none'), undefined, { method: 'DELETE' })).status).toBe(204)
  })

  test('what was acknowledged is there after kill -9', async () => {
    const answers = await Promise.all([1, 2, 3].map((n) => put('visit.10100000042', typed(`Batuk ${n}`, n))))
    expect(answers.map(({ status, body }) => [status, isDraft(body)])).toEqual(Array(3).fill([200, true]))
    await edge.kill()
    await edge.start()
    const { status, body } = await askJson(at('visit.10100000042'), undefined)
    expect([status, body]).toMatchObject([200, { id: 'visit.10100000042', content: { complaint: 'Batuk 3' } }])
  }, 90_000)

  test('what was discarded is gone after kill -9', async () => {
    await put('visit.1', typed('x'))
    expect((await askJson(at('visit.1'), undefined, { method: 'DELETE' })).status).toBe(204)
    await edge.kill()
    await edge.start()
    expect((await askJson(at('visit.1'), undefined)).status).toBe(204)
  }, 90_000)
})
