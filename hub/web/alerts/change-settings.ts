import type { AlertSettings, AlertSettingsRequest } from '../../../schemas/generated/types'
import type { AskOptions } from '../../../web-kit/ask'
import { asRequest } from './alert-form'

/** One part of the settings; the others stay as they are at the hub now, and not as this page read them a while ago. */
export async function changeSettings(
  ask: <T>(path: string, options?: AskOptions) => Promise<T>,
  changed: Partial<AlertSettingsRequest>,
  without: readonly ('webhook' | 'email')[] = [],
): Promise<void> {
  const body = { ...asRequest(await ask<AlertSettings>('/operator/alert-settings')) }
  for (const name of without) delete body[name]
  await ask('/operator/alert-settings', { method: 'PUT', body: { ...body, ...changed } })
}
