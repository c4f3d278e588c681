import type { Page } from 'playwright-core'

const MOST_TABS = 60

/** Tab by tab, as a person goes; what has the focus can be seen each time. */
export async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let tabs = 0; tabs < MOST_TABS; tabs++) {
    await page.keyboard.press('Tab')
    const at = await focused(page)
    // Between the last and the first the browser's own buttons have it.
    if (!at) continue
    expect([at.name, at.isSeen]).toEqual([at.name, true])
    if (name.test(at.name)) return
  }
  throw new Error(`${MOST_TABS} tabs do not reach ${name}`)
}

/** A ring, or a border of another colour than when it is left; within the window. */
function focused(page: Page): Promise<{ name: string; isSeen: boolean } | undefined> {
  return page.evaluate(`(() => {
    const at = document.activeElement
    if (at === document.body) return undefined
    const label = at.labels?.[0]?.textContent ?? at.getAttribute('aria-label') ?? at.textContent
    const ring = (element) => {
      const { outlineStyle, outlineWidth, borderColor, boxShadow } = getComputedStyle(element)
      return outlineStyle !== 'none' && outlineWidth !== '0px' ? 'ring' : borderColor + boxShadow
    }
    const box = at.getBoundingClientRect()
    const isThere = box.width > 0 && box.bottom > 0 && box.top < innerHeight
    // A border changes its colour in a moment; what counts is what it comes to.
    at.style.transition = 'none'
    const now = ring(at)
    at.blur()
    const after = ring(at)
    at.focus()
    return { name: label.trim(), isSeen: isThere && (now === 'ring' || now !== after) }
  })()`)
}
