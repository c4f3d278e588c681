import { Badge } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useNodes, useRegistrations } from './use-registrations'

/** In the menu: how many facilities wait for somebody's word. */
export function WaitingMark() {
  const { t } = useTranslation()
  const asking = useRegistrations('pending').data?.registrations.length ?? 0
  const access = useNodes().data?.nodes.filter(({ dataAccess }) => dataAccess.status === 'pending').length ?? 0
  const count = asking + access
  if (count === 0) return null
  return (
    <Badge variant="filled" size="lg" aria-label={t('registrations.waitingCount', { count })}>
      {count}
    </Badge>
  )
}
