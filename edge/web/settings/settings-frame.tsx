import { Box, Tabs } from '@mantine/core'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, Navigate, Outlet, useLocation } from 'react-router'
import { useSession } from '../session/use-session'

/** The pages of the settings that whoever sits here may see; the first one is where they begin. */
export function useSettingsPages(): readonly { to: string; label: string }[] {
  const { t } = useTranslation()
  const { may, session } = useSession()
  const admin = may('settings')
  return [
    ...(admin ? [{ to: 'people', label: t('people.title') }] : []),
    ...(admin && session.person ? [{ to: 'tokens', label: t('people.tokens.title') }] : []),
    ...(admin ? [{ to: 'backup', label: t('settings.backup.title') }] : []),
    { to: 'data', label: t('settings.data.title') },
    ...(session.person ? [{ to: 'password', label: t('session.password') }] : []),
    { to: 'about', label: t('settings.about.title') },
  ]
}

/** What stands around each page of the settings: the way to the others. */
export function SettingsFrame() {
  const { t } = useTranslation()
  const { pathname } = useLocation()
  const pages = useSettingsPages()
  const now = pathname.split('/')[2]
  const nav = useRef<HTMLDivElement>(null)
  // On a narrow window the names don't fit beside each other, and the page's own may be out of sight.
  // biome-ignore lint/correctness/useExhaustiveDependencies: of each page anew
  useEffect(() => {
    nav.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' })
  }, [now])
  if (now === undefined || now === '') return <Navigate to={`/settings/${pages[0]?.to ?? 'about'}`} replace />
  return (
    <>
      <Box ref={nav} component="nav" aria-label={t('settings.title')} mb="lg" style={{ overflowX: 'auto' }}>
        <Tabs value={now} variant="default">
          {/* Links to pages are no tabs, and the list says in which direction it goes. */}
          <Tabs.List role="toolbar" style={{ flexWrap: 'nowrap' }}>
            {pages.map(({ to, label }) => (
              <Tabs.Tab
                key={to}
                value={to}
                size="md"
                style={{ whiteSpace: 'nowrap' }}
                renderRoot={({
                  role: _role,
                  'aria-selected': _selected,
                  'aria-controls': _panel,
                  tabIndex: _tab,
                  ...props
                }) => (
                  <Link {...props} to={`/settings/${to}`} {...(to === now && { 'aria-current': 'page' as const })} />
                )}
              >
                {label}
              </Tabs.Tab>
            ))}
          </Tabs.List>
        </Tabs>
      </Box>
      <Outlet />
    </>
  )
}
