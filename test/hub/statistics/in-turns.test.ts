import { inTurns } from '../../../hub/statistics/in-turns'

test('an account that asks too much at once is turned away, others are not, and it may ask again after', async () => {
  const turnOf = inTurns(1, 2)
  const answers: (() => void)[] = []
  const question = () => new Promise<void>((resolve) => answers.push(resolve))
  const first = turnOf('siti', question)
  const second = turnOf('siti', question)
  await expect(turnOf('siti', question)).rejects.toMatchObject({
    code: 'OVERLOADED',
    headers: { 'Retry-After': expect.any(String) },
  })
  const other = turnOf('budi', async () => 'answered')
  // One after the other.
  expect(answers).toHaveLength(1)
  answers.shift()?.()
  await first
  await Promise.resolve()
  answers.shift()?.()
  await second
  expect(await other).toBe('answered')
  expect(await turnOf('siti', async () => 'again')).toBe('again')
})

test('what fails gives its turn back', async () => {
  const turnOf = inTurns(1, 1)
  await expect(turnOf('siti', () => Promise.reject(new Error('no database')))).rejects.toThrow('no database')
  expect(await turnOf('siti', async () => 'again')).toBe('again')
})
