import { Radio, Stack } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Role } from '../session/roles'

const ROLES: readonly Role[] = ['operator', 'viewer', 'auditor']

export function RoleChoice({ value, onChange }: { value: Role; onChange: (role: Role) => void }) {
  const { t } = useTranslation()
  return (
    <Radio.Group
      label={t('operators.role')}
      value={value}
      onChange={(chosen) => onChange(ROLES.find((role) => role === chosen) ?? value)}
    >
      <Stack gap="xs" mt="xs">
        {ROLES.map((role) => (
          <Radio
            key={role}
            value={role}
            label={t(`session.role.${role}`)}
            description={t(`operators.roleNote.${role}`)}
          />
        ))}
      </Stack>
    </Radio.Group>
  )
}
