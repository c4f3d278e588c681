import { Button, Menu, Text } from '@mantine/core'
import { IconKey, IconLogout, IconUserCircle, IconUserPlus } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useSession } from './use-session'

/** Who works here, in the frame of every page. */
export function PersonMenu() {
  const { t } = useTranslation()
  const { session, signOut } = useSession()
  const { person } = session
  if (!person) {
    return (
      <Button
        component={Link}
        to="/settings/people"
        variant="light"
        size="sm"
        leftSection={<IconUserPlus size={18} />}
        visibleFrom="xs"
      >
        {t('session.firstAccount')}
      </Button>
    )
  }
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <Button
          variant="subtle"
          color="gray"
          size="sm"
          px="xs"
          leftSection={<IconUserCircle size={22} />}
          aria-label={t('session.menu', { name: person.fullName })}
        >
          <Text component="span" size="sm" fw={550} maw={180} truncate visibleFrom="sm">
            {person.fullName}
          </Text>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {person.fullName} · {t(`people.role.${person.role}`)}
        </Menu.Label>
        <Menu.Item component={Link} to="/settings/password" leftSection={<IconKey size={18} />}>
          {t('session.password')}
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout size={18} />} onClick={() => void signOut()}>
          {t('session.signOut')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
