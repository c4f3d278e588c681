import { Center, Loader, Text, Title } from '@mantine/core'
import {
  IconBell,
  IconBuildingHospital,
  IconChartBar,
  IconChecklist,
  IconDoorEnter,
  IconFileSearch,
  IconFileX,
  IconFolderOpen,
  IconSettings,
  IconUsers,
} from '@tabler/icons-react'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { BrowserRouter, Navigate, Route, Routes, useLocation } from 'react-router'
import { AppFrame, type Place } from '../../web-kit/app-frame'
import { FacilitiesPage } from './facilities/facilities-page'
import { RegistrationsPage } from './registrations/registrations-page'
import { WaitingMark } from './registrations/waiting-mark'
import { PersonMenu } from './session/person-menu'
import { firstPlaceOf } from './session/roles'
import { SessionGate } from './session/session-gate'
import { useSession } from './session/use-session'
import { TodayPage } from './today/today-page'

const FacilityPage = lazy(() => import('./facilities/facility-page').then((page) => ({ default: page.FacilityPage })))
const AlertsPage = lazy(() => import('./alerts/alerts-page').then((page) => ({ default: page.AlertsPage })))
const RefusedPage = lazy(() => import('./refused/refused-page').then((page) => ({ default: page.RefusedPage })))
const AuditPage = lazy(() => import('./audit/audit-page').then((page) => ({ default: page.AuditPage })))
const HealthPage = lazy(() => import('./health/health-page').then((page) => ({ default: page.HealthPage })))
const RecordsPage = lazy(() => import('./records/records-page').then((page) => ({ default: page.RecordsPage })))
const OperatorsPage = lazy(() => import('./operators/operators-page').then((page) => ({ default: page.OperatorsPage })))
const AccountPage = lazy(() => import('./operators/account-page').then((page) => ({ default: page.AccountPage })))
const SettingsPage = lazy(() => import('./settings/settings-page').then((page) => ({ default: page.SettingsPage })))

/** The pages, and the addresses that they have. hub/pages/page-paths.ts lets the same ones through. */
export function ConsoleApp() {
  return (
    <BrowserRouter basename="/console">
      <SessionGate>
        <Frame />
      </SessionGate>
    </BrowserRouter>
  )
}

/** What the window is called on pages that are more than their place, or in none. */
const PAGES: readonly (readonly [path: RegExp, words: string])[] = [
  [/^\/facilities\/[^/]+$/, 'facilities.one'],
  [/^\/audit\/patient$/, 'audit.part.patient'],
  [/^\/audit\/broken-glass$/, 'audit.part.broken-glass'],
  [/^\/audit\/chains$/, 'audit.chains.check'],
  [/^\/account$/, 'session.account'],
]

function Frame() {
  const { t } = useTranslation()
  const { pathname } = useLocation()
  const page = PAGES.find(([path]) => path.test(pathname))?.[1]
  const { session, may } = useSession()
  const first = firstPlaceOf(session.role)
  const places: Place[] = [
    ...(may('look')
      ? [
          { to: '/today', label: t('today.title'), icon: <IconChecklist size={20} /> },
          {
            to: '/registrations',
            label: t('registrations.title'),
            icon: <IconDoorEnter size={20} />,
            mark: <WaitingMark />,
          },
          { to: '/facilities', label: t('facilities.title'), icon: <IconBuildingHospital size={20} /> },
          { to: '/refused', label: t('refused.title'), icon: <IconFileX size={20} /> },
          { to: '/alerts', label: t('alerts.title'), icon: <IconBell size={20} /> },
          { to: '/health', label: t('health.title'), icon: <IconChartBar size={20} /> },
        ]
      : []),
    ...(may('decide') ? [{ to: '/records', label: t('records.title'), icon: <IconFolderOpen size={20} /> }] : []),
    ...(may('audit') ? [{ to: '/audit', label: t('audit.title'), icon: <IconFileSearch size={20} /> }] : []),
    ...(may('look')
      ? [
          { to: '/operators', label: t('operators.title'), icon: <IconUsers size={20} /> },
          { to: '/settings', label: t('settings.title'), icon: <IconSettings size={20} /> },
        ]
      : []),
  ]
  return (
    <AppFrame title={t('session.console')} places={places} page={page && t(page)} person={<PersonMenu />}>
      <Suspense
        fallback={
          <Center p="xl">
            <Loader role="status" aria-label={t('frame.loading')} />
          </Center>
        }
      >
        <Routes>
          <Route path="/" element={<Navigate to={first} replace />} />
          <Route path="/sign-in" element={<Navigate to={first} replace />} />
          <Route path="/account" element={<AccountPage />} />
          {may('look') && (
            <>
              <Route path="/today" element={<TodayPage />} />
              <Route path="/refused" element={<RefusedPage />} />
              <Route path="/alerts" element={<AlertsPage />} />
              <Route path="/health" element={<HealthPage />} />
              <Route path="/registrations" element={<RegistrationsPage />} />
              <Route path="/facilities" element={<FacilitiesPage />} />
              <Route path="/facilities/:nodeName" element={<FacilityPage />} />
              <Route path="/operators" element={<OperatorsPage />} />
              <Route path="/settings" element={<SettingsPage />} />
            </>
          )}
          {may('decide') && <Route path="/records" element={<RecordsPage />} />}
          {may('audit') && <Route path="/audit/:part?" element={<AuditPage />} />}
          <Route path="*" element={<NoSuchPage />} />
        </Routes>
      </Suspense>
    </AppFrame>
  )
}

function NoSuchPage() {
  const { t } = useTranslation()
  return (
    <>
      <Title order={1}>{t('session.notFound')}</Title>
      <Text>{t('session.notFoundNote')}</Text>
    </>
  )
}
