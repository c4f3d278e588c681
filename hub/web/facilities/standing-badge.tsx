import { Badge } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { NodeSummary } from '../../../schemas/generated/types'
import { nowThere } from '../../../web-kit/ask'
import { type Standing, standingOf } from './facility-table'

const COLOURS: Readonly<Record<Standing, string>> = { active: 'leaf', silent: 'orange', suspended: 'red', new: 'gray' }

/** In a word and a colour how a facility stands. */
export function StandingBadge({ node }: { node: NodeSummary }) {
  const { t } = useTranslation()
  const standing = standingOf(node, nowThere())
  return (
    <Badge variant="light" color={COLOURS[standing]}>
      {t(`facilities.standing.${standing}`)}
    </Badge>
  )
}
