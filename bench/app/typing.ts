import { type Seen, signedIn, slowed } from './visit'

/** From the fourth letter of a name until a page of answers to it is drawn. */
export async function typingMs(seen: Seen, names: readonly string[]): Promise<number[]> {
  const context = await signedIn(seen)
  const page = await context.newPage()
  await slowed(page, seen)
  await page.goto(`${seen.url}/patients`)
  const field = page.getByRole('searchbox')
  await page.locator('.patients-list a').first().waitFor({ timeout: 120_000 })
  const times: number[] = []
  for (const name of names) {
    await field.fill(name.slice(0, 3))
    await page.waitForTimeout(500)
    const text = name.slice(0, 4)
    const answered = page.waitForResponse(
      (response) => new URL(response.url()).searchParams.get('text') === text.trim(),
    )
    const startMs = performance.now()
    await field.fill(text)
    await answered
    await page.evaluate('new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)))')
    times.push(performance.now() - startMs)
  }
  await context.close()
  return times
}
