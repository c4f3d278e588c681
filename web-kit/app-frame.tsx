import {
  ActionIcon,
  AppShell,
  Burger,
  Group,
  Menu,
  NavLink,
  Text,
  useComputedColorScheme,
  useMantineColorScheme,
} from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconLanguage, IconMoon, IconSun } from '@tabler/icons-react'
import { type ReactNode, useLayoutEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useLocation, useNavigationType } from 'react-router'
import { usePageTitle } from './page-title'
import { LANGUAGES, type Language, speak } from './words'

export interface Place {
  readonly to: string
  readonly label: string
  readonly icon: ReactNode
  /** Something waits there for a person. */
  readonly mark?: ReactNode
}

export interface AppFrameProps {
  readonly title: string
  readonly places: readonly Place[]
  /** What is on the page, where that is more than the place says. */
  readonly page?: string | undefined
  /** One line that stands above every page. */
  readonly banner?: ReactNode
  readonly person?: ReactNode
  readonly children: ReactNode
}

/** What every page stands in: where one is, where one can go, and how it looks and speaks. */
export function AppFrame({ title, places, page, banner, person, children }: AppFrameProps) {
  const { t } = useTranslation()
  const { pathname } = useLocation()
  const [isOpen, { toggle, close }] = useDisclosure()
  const way = useNavigationType()
  // Another page begins at its top; back at one that was seen, the browser knows where one was.
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each page
  useLayoutEffect(() => {
    if (way !== 'POP') window.scrollTo(0, 0)
  }, [pathname])
  const isAt = (to: string) => pathname === to || pathname.startsWith(`${to}/`)
  usePageTitle(page ?? places.find(({ to }) => isAt(to))?.label)
  return (
    <AppShell
      header={{ height: 60 }}
      navbar={{ width: 230, breakpoint: 'md', collapsed: { mobile: !isOpen } }}
      padding={{ base: 'sm', md: 'lg' }}
    >
      <a className="kit-skip" href="#content">
        {t('frame.skip')}
      </a>
      <AppShell.Header className="kit-no-print" px="md" bg="var(--kit-surface)">
        <Group h="100%" justify="space-between" wrap="nowrap" gap="xs">
          <Group gap="sm" wrap="nowrap" miw={0}>
            <Burger hiddenFrom="md" size="sm" opened={isOpen} onClick={toggle} aria-label={t('frame.menu')} />
            <Mark />
            <Text fw={650} size="lg" truncate>
              {title}
            </Text>
          </Group>
          <Group gap={4} wrap="nowrap">
            {person}
            <LanguageSwitch />
            <SchemeSwitch />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar className="kit-no-print" p="sm" bg="var(--kit-surface)" aria-label={t('frame.navigation')}>
        {places.map(({ to, label, icon, mark }) => (
          <NavLink
            key={to}
            component={Link}
            to={to}
            label={label}
            leftSection={icon}
            rightSection={mark}
            active={isAt(to)}
            {...(pathname === to && { 'aria-current': 'page' as const })}
            onClick={close}
            fw={500}
            mb={2}
            style={{ borderRadius: 'var(--mantine-radius-md)' }}
          />
        ))}
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1}>
        {banner}
        {children}
      </AppShell.Main>
    </AppShell>
  )
}

/** A leaf with three lines of writing. */
export function Mark() {
  return (
    <svg width="28" height="28" viewBox="0 0 28 28" aria-hidden="true">
      <path d="M3 14C3 7 10 3 25 3c0 15-4 22-11 22C7 25 3 21 3 14Z" fill="var(--mantine-primary-color-filled)" />
      <path d="M8 12h10M8 16h8M8 20h5" stroke="#fff" strokeWidth="1.8" strokeLinecap="round" />
    </svg>
  )
}

export function LanguageSwitch() {
  const { t, i18n } = useTranslation()
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t('frame.language')}>
          <IconLanguage size={22} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {Object.entries(LANGUAGES).map(([language, name]) => (
          <Menu.Item
            key={language}
            lang={language}
            fw={language === i18n.language ? 700 : 400}
            onClick={() => speak(language as Language)}
          >
            {name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

export function SchemeSwitch() {
  const { t } = useTranslation()
  const { setColorScheme } = useMantineColorScheme()
  const scheme = useComputedColorScheme('light')
  const other = scheme === 'light' ? 'dark' : 'light'
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      size="lg"
      aria-label={t(`frame.${other}`)}
      onClick={() => setColorScheme(other)}
    >
      {scheme === 'light' ? <IconMoon size={22} /> : <IconSun size={22} />}
    </ActionIcon>
  )
}
