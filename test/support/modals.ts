import type { Page } from 'playwright-core'
import type { ShownScreen } from './screens'

/** What opens over a screen, in whichever language: its buttons are found by where they stand. */
export const MODALS: readonly ShownScreen[] = [
  ...(['correct', 'cancel', 'history'] as const).map((name, index) => ({
    name: `modal to ${name}`,
    who: 'budi' as const,
    path: '/patients/:mrn?part=medications',
    whole: '[role=tabpanel]:visible [aria-haspopup=menu]',
    deed: async (page: Page) => {
      await page.locator('[role=tabpanel]:visible [aria-haspopup=menu]').first().click()
      await page.getByRole('menuitem').nth(index).click()
      await page.getByRole('dialog').waitFor()
    },
  })),
  {
    name: 'menu of languages',
    who: 'budi',
    path: '/patients',
    whole: '.patients-list a',
    deed: async (page) => {
      await page.locator('header [aria-haspopup=menu]').last().click()
      await page.getByRole('menuitem').first().waitFor()
    },
  },
  ...(['people', 'tokens'] as const).map((name) => ({
    name: `modal of ${name}`,
    who: 'siti' as const,
    path: `/settings/${name}`,
    whole: 'main h1, main h2',
    deed: async (page: Page) => {
      await page.locator('#content button:has(svg.tabler-icon)').first().click()
      await page.getByRole('dialog').waitFor()
    },
  })),
]
