import express from 'express'
import { readBody } from '../../runtime/read-body'
import { checked } from '../../schemas/check'
import type { AlertList } from '../../schemas/generated/types'
import { isAlertSettingsRequest } from '../../schemas/generated/validators'
import type { Handlers } from '../access/handlers'
import { queryOf } from '../access/query-of'
import { decide } from '../audit/decide'
import { EVALUATION } from './alert-loop'
import { changeSettings, readSettings, type SettingsParts } from './alert-settings'
import { type ChannelParts, channelsOf, tryAll } from './channels'
import { knownAlerts } from './evaluate'
import { lastDone } from './lease'
import { testMessage } from './message'

export type AlertRouteName =
  | 'GET /operator/alerts'
  | 'GET /operator/alert-settings'
  | 'PUT /operator/alert-settings'
  | 'POST /operator/alert-settings/test'

const parseBody = express.json({ limit: 16 * 1024 })

/** What is wrong now, from when on it counts as wrong, and whom that is told. */
export function alertRoutes(
  parts: SettingsParts & { channels: ChannelParts; hubId: string },
): Handlers<AlertRouteName> {
  const { nodes, now } = parts
  return {
    'GET /operator/alerts': async (_operator, request, response) => {
      queryOf(request, [])
      const [known, evaluatedAt] = await Promise.all([knownAlerts(nodes), lastDone(nodes, EVALUATION)])
      const on = known.filter(({ resolvedAt }) => resolvedAt === undefined).map(({ alert }) => alert)
      const list: AlertList = {
        alerts: on.sort((a, b) => a.since.localeCompare(b.since)),
        ...(evaluatedAt !== undefined && { evaluatedAt }),
      }
      response.json(list)
    },
    'GET /operator/alert-settings': async (_operator, request, response) => {
      queryOf(request, [])
      response.json(await readSettings(nodes))
    },
    'PUT /operator/alert-settings': async ({ name }, request, response) => {
      await readBody(parseBody, request, response)
      const settings = checked(isAlertSettingsRequest, request.body ?? {}, 'the settings of alerts')
      response.json(await changeSettings(settings, name, parts))
    },
    'POST /operator/alert-settings/test': async ({ name: operator }, request, response) => {
      await readBody(parseBody, request, response)
      const decision = { kind: 'configuration', action: 'alert-test', operator } as const
      response.json(
        await decide(parts.audit, decision, async () => {
          const channels = channelsOf(await readSettings(nodes), parts.channels)
          return tryAll(channels, testMessage(parts.hubId, now()))
        }),
      )
    },
  }
}
