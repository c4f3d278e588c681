import type { Page } from 'playwright-core'
import type { EdgeStatus } from '../../schemas/generated/types'
import { Browser, PASSWORDS } from '../edge/people/signed-in'
import type { Screen, TestBrowser } from './browser'
import { acceptEdge, type RunningEdge, startEdge } from './edge'
import { type RunningHub, startHub } from './hub'
import { until } from './processes'

export { PASSWORDS }
export type Name = keyof typeof PASSWORDS

/** A facility with its people, accepted by a ministry. */
export interface Clinic {
  readonly hub: RunningHub
  readonly edge: RunningEdge
  /** siti, the admin, asking without a browser. */
  readonly admin: Browser
  remove(): Promise<void>
}

/** siti is its admin, budi a clinician, rina sits at the registration. */
export async function startClinic(env: Readonly<Record<string, string>> = {}, externalId = '101'): Promise<Clinic> {
  const hub = await startHub()
  const edge = await startEdge(externalId, hub.url, { EDGE_NAME: 'Puskesmas Lembang', ...env })
  await acceptEdge(hub, edge)
  const admin = await addPeople(edge.url)
  return {
    hub,
    edge,
    admin,
    remove: async () => {
      await edge.remove()
      await hub.remove()
    },
  }
}

export const FULL_NAMES: Readonly<Record<Name, string>> = {
  siti: 'Siti Rahayu',
  budi: 'Budi Santoso',
  rina: 'Rina Wulandari',
}
const ROLES: Readonly<Record<Name, string>> = { siti: 'admin', budi: 'clinician', rina: 'registrar' }

export async function addPeople(url: string): Promise<Browser> {
  const admin = new Browser(url)
  for (const name of ['siti', 'budi', 'rina'] as const) {
    const body = { name, fullName: FULL_NAMES[name], role: ROLES[name], password: PASSWORDS[name] }
    const { status } = await admin.ask('/app/people', { method: 'POST', body })
    if (status !== 201) throw new Error(`${name} has no account: ${status}`)
    if (name === 'siti') await admin.signIn('siti', PASSWORDS.siti)
  }
  return admin
}

/** On the page that asks for it, in English. */
export async function signIn(page: Page, name: Name): Promise<void> {
  await page.getByRole('textbox', { name: 'Name' }).fill(name)
  await page.getByLabel('Password', { exact: true }).fill(PASSWORDS[name])
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('banner').waitFor()
}

/** A patient of the clinic, made by its admin: the MRN. */
export async function registered({ admin }: Clinic, name: string, more: object = {}): Promise<string> {
  const body = { resourceType: 'Patient', name: [{ text: name }], gender: 'female', birthDate: '1980-05-12', ...more }
  const { body: made } = await admin.ask('/fhir/Patient', { method: 'POST', body })
  return (made as { id: string }).id
}

/** A window of somebody who has just signed in. */
export async function signedIn(browser: TestBrowser, { edge }: Clinic, name: Name, path: string): Promise<Screen> {
  const screen = await browser.open(`${edge.url}${path}`)
  await signIn(screen.page, name)
  return screen
}

/** Waits until the hub has answered for every record. */
export function synced({ admin }: Clinic): Promise<unknown> {
  return until('all is at the hub', async () => {
    const { sync } = (await admin.ask('/status')).body as EdgeStatus
    return sync.state === 'idle' && sync.pendingDocuments === 0
  })
}
