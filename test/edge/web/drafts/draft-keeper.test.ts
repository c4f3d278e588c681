import { DraftKeeper, type DraftNote } from '../../../../edge/web/drafts/draft-keeper'
import type { Draft, DraftRequest } from '../../../../schemas/generated/types'
import { AskError } from '../../../../web-kit/ask'

beforeEach(() => void jest.useFakeTimers())
afterEach(() => void jest.useRealTimers())

/** An edge that answers when it is told to. */
function setUp(savedAt?: string) {
  const sent: { request: DraftRequest; keepalive: boolean; answer(error?: Error): Promise<void> }[] = []
  const notes: DraftNote[] = []
  const discarded: number[] = []
  const keeper = new DraftKeeper({
    writer: 'w',
    savedAt,
    send: (request, keepalive) =>
      new Promise<Draft>((done, failed) =>
        sent.push({
          request,
          keepalive,
          answer: async (error) => {
            if (error) failed(error)
            else done({ id: 'a', savedAt: `2026-11-22T07:00:0${request.sequence}.000Z`, ...request })
            await jest.advanceTimersByTimeAsync(0)
          },
        }),
      ),
    discard: async () => void discarded.push(sent.length),
    onNote: (note) => notes.push(note),
    delayMs: 500,
    retryMs: 2_000,
  })
  return {
    keeper,
    sent,
    notes,
    discarded,
    texts: () => sent.map(({ request }) => (request.content as { text?: string }).text),
  }
}

test('waits for a pause in typing, and sends the newest alone', async () => {
  const { keeper, sent, notes, texts } = setUp()
  keeper.typed({ text: 'B' })
  await jest.advanceTimersByTimeAsync(400)
  keeper.typed({ text: 'Ba' })
  await jest.advanceTimersByTimeAsync(400)
  expect(sent).toEqual([])
  await jest.advanceTimersByTimeAsync(100)
  expect(texts()).toEqual(['Ba'])
  await sent[0]?.answer()
  expect(notes.at(-1)).toEqual({ kind: 'kept', at: '2026-11-22T07:00:01.000Z' })
})

test('has one request under way, and says nothing is kept that is not', async () => {
  const { keeper, sent, notes, texts } = setUp()
  keeper.typed({ text: 'a' })
  void keeper.flush()
  keeper.typed({ text: 'ab' })
  await jest.advanceTimersByTimeAsync(600)
  expect(texts()).toEqual(['a'])
  await sent[0]?.answer()
  expect([notes.at(-1)?.kind, texts()]).toEqual(['typing', ['a', 'ab']])
})

test('does not wait for an answer when the page closes', () => {
  const { keeper, sent } = setUp()
  keeper.typed({ text: 'a' })
  void keeper.flush()
  keeper.typed({ text: 'ab' })
  keeper.close()
  expect(sent.map(({ request, keepalive }) => [request.sequence, keepalive])).toEqual([
    [1, false],
    [2, true],
  ])
})

test('tries again by itself while the edge is away, with what is newest by then', async () => {
  const { keeper, sent, notes, texts } = setUp()
  keeper.typed({ text: 'a' })
  void keeper.flush()
  await sent[0]?.answer(new AskError('UNREACHABLE', '', 0))
  expect(notes.at(-1)).toEqual({ kind: 'notKept' })
  await jest.advanceTimersByTimeAsync(2_000)
  expect(texts()).toEqual(['a', 'a'])
  await sent[1]?.answer()
  expect(notes.at(-1)?.kind).toBe('kept')
})

test('stops where another window has kept something, and goes on when a person says so', async () => {
  const { keeper, sent, notes, texts } = setUp()
  keeper.typed({ text: 'ours' })
  void keeper.flush()
  await sent[0]?.answer(new AskError('EDIT_CONFLICT', '', 409))
  keeper.typed({ text: 'ours, longer' })
  await jest.advanceTimersByTimeAsync(10_000)
  expect([notes.at(-1), sent.length]).toEqual([{ kind: 'elsewhere' }, 1])
  void keeper.keepOurs('2026-11-22T06:00:00.000Z')
  expect([texts().at(-1), sent.at(-1)?.request.basedOn]).toEqual(['ours, longer', '2026-11-22T06:00:00.000Z'])
})

test('a draft that is discarded is not brought back by what was under way', async () => {
  const { keeper, sent, discarded, notes } = setUp()
  keeper.typed({ text: 'a' })
  void keeper.flush()
  keeper.typed({ text: 'ab' })
  const gone = keeper.discard()
  expect(discarded).toEqual([])
  await sent[0]?.answer()
  await gone
  await jest.advanceTimersByTimeAsync(10_000)
  expect([discarded, sent.length, notes.at(-1)]).toEqual([[1], 1, { kind: 'untouched' }])
})
