import { Button, Menu, Text } from '@mantine/core'
import { IconLogout, IconShieldLock, IconUserCircle } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useSession } from './use-session'

/** Who works here and as what, in the frame of every page. */
export function PersonMenu() {
  const { t } = useTranslation()
  const { session, signOut } = useSession()
  const role = t(`session.role.${session.role}`)
  return (
    <Menu position="bottom-end" width={250}>
      <Menu.Target>
        <Button
          variant="subtle"
          color="gray"
          size="sm"
          px="xs"
          leftSection={<IconUserCircle size={22} />}
          aria-label={t('session.menu', { name: session.name })}
        >
          <Text component="span" size="sm" fw={550} maw={180} truncate visibleFrom="sm">
            {session.name}
          </Text>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {session.name} · {role}
        </Menu.Label>
        <Menu.Item component={Link} to="/account" leftSection={<IconShieldLock size={18} />}>
          {t('session.account')}
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout size={18} />} onClick={() => void signOut()}>
          {t('session.signOut')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
