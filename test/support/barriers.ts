import AxeBuilder from '@axe-core/playwright'
import type { Page } from 'playwright-core'

const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']
const LOOKS = [
  ['light', 1280],
  ['dark', 360],
] as const

/** What on a page keeps somebody out: violations of WCAG 2.2 AA, and whatever must be scrolled sideways. */
export async function barriersOn(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).withTags(WCAG).analyze()
  const wrong = violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id} ${html}`))
  const { page: pageWidth, window } = await widthsOf(page)
  return pageWidth === window ? wrong : [...wrong, `the page is ${pageWidth} wide, the window ${window}`]
}

/** The same for a page that can't be opened again, in a wide light window and in a narrow dark one. */
export async function barriersInBothLooks(page: Page): Promise<string[]> {
  const wrong: string[] = []
  for (const [colorScheme, width] of LOOKS.toReversed()) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await page.setViewportSize({ width, height: 800 })
    wrong.push(...(await barriersOn(page)).map((barrier) => `${colorScheme}, ${width}: ${barrier}`))
  }
  return wrong
}

function widthsOf(page: Page): Promise<{ page: number; window: number }> {
  return page.evaluate('({ page: document.documentElement.scrollWidth, window: innerWidth })')
}
