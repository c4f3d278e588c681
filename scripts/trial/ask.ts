/** One request to a program of the trial. Throws with the program's own reason. */
export async function ask<T>(
  url: string,
  options: { method?: string; body?: unknown; name?: string; password?: string } = {},
): Promise<T> {
  const headers: Record<string, string> = { accept: 'application/json' }
  if (options.body !== undefined) headers['content-type'] = 'application/json'
  if (options.password) {
    const who = `${options.name ?? 'operator'}:${options.password}`
    headers['authorization'] = `Basic ${Buffer.from(who).toString('base64')}`
  }
  const response = await fetch(url, {
    method: options.method ?? 'GET',
    headers,
    ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`${options.method ?? 'GET'} ${url}: ${response.status} ${text.slice(0, 500)}`)
  return JSON.parse(text) as T
}

/** Asks again until there is an answer. */
export async function until<T>(
  what: string,
  look: () => Promise<T | undefined>,
  options: { everyMs: number; withinMs: number },
): Promise<T> {
  const endAt = performance.now() + options.withinMs
  for (;;) {
    const answer = await look()
    if (answer !== undefined) return answer
    if (performance.now() > endAt) throw new Error(`${what}: not within ${options.withinMs / 1_000} s`)
    await new Promise((resume) => setTimeout(resume, options.everyMs))
  }
}
