import { Text } from '@mantine/core'
import { IconEye } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useSession } from './use-session'

/** Where a page would offer something to do: why it does not. */
export function LooksOnly() {
  const { t } = useTranslation()
  if (useSession().may('decide')) return null
  return (
    <Text size="sm" className="kit-quiet" mb="sm" style={{ display: 'flex', alignItems: 'center', gap: 6 }}>
      <IconEye size={18} aria-hidden />
      {t('session.looksOnly')}
    </Text>
  )
}
