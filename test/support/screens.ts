import type { Page } from 'playwright-core'
import type { Name } from './clinic'

/** A screen of the clinic's app, as it is shown in whichever language. */
export interface ShownScreen {
  readonly name: string
  /** Undefined: nobody is signed in. */
  readonly who?: Name
  /** `:mrn` stands for the patient with a long record. */
  readonly path: string
  /** There when the screen is whole. */
  readonly whole: string
  /** What somebody does on it first. */
  readonly deed?: (page: Page) => Promise<void>
}

const typed = async (page: Page, fields: Readonly<Record<string, string>>) => {
  for (const [selector, text] of Object.entries(fields)) await page.locator(selector).fill(text)
}

/** Of each capability one, and of each state that looks another way. */
export const SCREENS: readonly ShownScreen[] = [
  { name: 'sign-in', path: '/patients', whole: 'form input[autocomplete=username]' },
  { name: 'patients', who: 'rina', path: '/patients', whole: '.patients-list a' },
  {
    name: 'patients-found',
    who: 'rina',
    path: '/patients',
    whole: '.patients-list a',
    deed: async (page) => {
      await page.getByRole('searchbox').fill('soeci')
      await page.waitForResponse((response) => response.url().endsWith('text=soeci'))
    },
  },
  { name: 'register', who: 'rina', path: '/patients/new', whole: '#patient-name' },
  {
    name: 'duplicate',
    who: 'siti',
    path: '/patients/new',
    whole: '#patient-name',
    deed: async (page) => {
      await typed(page, {
        '#patient-name': 'Soeci Lestari',
        '#patient-born': '12-5-1980',
        '#patient-phone': '081234567890',
      })
      await page.locator('#patient-sex').check()
      await page.locator('button[type=submit]').click()
      await page.locator('.patients-compare').waitFor()
    },
  },
  { name: 'registration', who: 'rina', path: '/patients/:mrn', whole: '.patient-details' },
  { name: 'patient', who: 'budi', path: '/patients/:mrn', whole: '.patient-visit' },
  { name: 'vital-signs', who: 'budi', path: '/patients/:mrn?part=vitals', whole: '.recharts-line' },
  { name: 'medications', who: 'budi', path: '/patients/:mrn?part=medications', whole: '[role=tabpanel]:visible' },
  { name: 'edit', who: 'budi', path: '/patients/:mrn/edit', whole: '#patient-name' },
  { name: 'card', who: 'rina', path: '/patients/:mrn/card', whole: '.patients-card img' },
  {
    name: 'visit',
    who: 'budi',
    path: '/patients/:mrn/visit',
    whole: '.visit-vitals',
    deed: async (page) => {
      await page.locator('.visit-part textarea').first().fill('Demam tiga hari, batuk')
      const fields = page.locator('.visit-vitals input')
      for (const [index, value] of ['128', '82', '96', '20', '39.1'].entries()) await fields.nth(index).fill(value)
    },
  },
  { name: 'bring', who: 'budi', path: '/bring', whole: 'main form input' },
  { name: 'ministry', who: 'budi', path: '/sync', whole: 'dl' },
  { name: 'people', who: 'siti', path: '/settings/people', whole: 'main h1, main h2' },
  { name: 'tokens', who: 'siti', path: '/settings/tokens', whole: 'main h1, main h2' },
  { name: 'data', who: 'siti', path: '/settings/data', whole: '#content h1' },
  { name: 'backup', who: 'siti', path: '/settings/backup', whole: '#content h1' },
  { name: 'about', who: 'siti', path: '/settings/about', whole: '#content h1' },
  { name: 'password', who: 'siti', path: '/settings/password', whole: 'input[type=password]' },
]
