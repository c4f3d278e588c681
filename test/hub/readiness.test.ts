import { checkReady } from '../../hub/readiness'

test('a database that hangs is not ready, and is not waited for', async () => {
  await expect(checkReady(() => new Promise(() => undefined), 20)).rejects.toMatchObject({
    code: 'DATABASE_UNAVAILABLE',
  })
})

test('a database that fails says itself why', async () => {
  await expect(checkReady(() => Promise.reject(new Error('gone')))).rejects.toThrow('gone')
})

test('a database that answers is ready', async () => {
  await expect(checkReady(async () => undefined)).resolves.toBeUndefined()
})
