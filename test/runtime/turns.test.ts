import { Turns } from '../../runtime/turns'

/** Everybody asks while one works; in which order they get their turns. */
async function orderOf(asking: readonly string[], atOnce = 1): Promise<string[]> {
  const turns = new Turns(atOnce)
  const order: string[] = []
  let free = () => {}
  const held = new Promise<void>((resolve) => {
    free = resolve
  })
  const busy = Array.from({ length: atOnce }, () => turns.take('busy', () => held))
  const asked = asking.map((one) => turns.take(one.charAt(0), async () => void order.push(one)))
  free()
  await Promise.all([...busy, ...asked])
  return order
}

test('one who asks many times keeps nobody else waiting for more than one turn', async () => {
  expect(await orderOf(['a1', 'a2', 'a3', 'a4', 'b1', 'c1', 'b2'])).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'a3', 'a4'])
})

test('whoever comes while a turn of his is worked on is behind those who wait', async () => {
  const turns = new Turns(1)
  const order: string[] = []
  const work = (name: string) => () => Promise.resolve(void order.push(name))
  let again: Promise<void> | undefined
  const first = turns.take('a', async () => {
    again = turns.take('a', work('a2'))
  })
  await Promise.all([first, turns.take('b', work('b1'))])
  await again
  expect(order).toEqual(['a2', 'b1'])
})

test('never more than so many at once, also where some of them fail', async () => {
  const turns = new Turns(2)
  let now = 0
  let most = 0
  const work = (fails: boolean) => async () => {
    most = Math.max(most, ++now)
    await new Promise((resolve) => setImmediate(resolve))
    now--
    if (fails) throw new Error('it failed')
  }
  const all = Array.from({ length: 20 }, (_, index) => turns.take(`${index % 3}`, work(index % 4 === 0)))
  expect((await Promise.allSettled(all)).filter(({ status }) => status === 'rejected')).toHaveLength(5)
  expect([most, now]).toEqual([2, 0])
})
