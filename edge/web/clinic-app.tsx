import { Center, Loader } from '@mantine/core'
import { IconCloudUpload, IconPackageImport, IconSettings, IconUsers } from '@tabler/icons-react'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { BrowserRouter, Navigate, Route, Routes, useLocation } from 'react-router'
import { AppFrame, type Place } from '../../web-kit/app-frame'
import { PatientsPage } from './patients/patients-page'
import { PersonMenu } from './session/person-menu'
import { SessionGate } from './session/session-gate'
import { useSession } from './session/use-session'
import { SyncBanner } from './sync/sync-banner'
import { useEdgeStatus } from './sync/use-edge-status'

// The first page is the list; the others are read by a slow PC when they are wanted.
const PatientPage = lazy(() => import('./patient/patient-page').then((page) => ({ default: page.PatientPage })))
const EditPage = lazy(() => import('./patients/edit-page').then((page) => ({ default: page.EditPage })))
const RegisterPage = lazy(() => import('./patients/register-page').then((page) => ({ default: page.RegisterPage })))
const SyncPage = lazy(() => import('./sync/sync-page').then((page) => ({ default: page.SyncPage })))
const SettingsFrame = lazy(() => import('./settings/settings-frame').then((page) => ({ default: page.SettingsFrame })))
const PeoplePage = lazy(() => import('./people/people-page').then(({ PeoplePage }) => ({ default: PeoplePage })))
const TokensPage = lazy(() => import('./people/tokens-page').then(({ TokensPage }) => ({ default: TokensPage })))
const PasswordPage = lazy(() =>
  import('./people/password-page').then(({ PasswordPage }) => ({ default: PasswordPage })),
)

const AboutPage = lazy(() => import('./settings/about-page').then(({ AboutPage: page }) => ({ default: page })))
const BackupPage = lazy(() => import('./settings/backup-page').then(({ BackupPage: page }) => ({ default: page })))
const DataPage = lazy(() => import('./settings/data-page').then(({ DataPage: page }) => ({ default: page })))
const BringPage = lazy(() => import('./imports/bring-page').then((page) => ({ default: page.BringPage })))
const LocalFilePage = lazy(() => import('./imports/local-file-page').then((page) => ({ default: page.LocalFilePage })))

/** With what draws QR codes. */
const CardPage = lazy(() => import('./patients/card-page').then((page) => ({ default: page.CardPage })))

const VisitPage = lazy(() => import('./visit/visit-page').then(({ VisitPage: page }) => ({ default: page })))

/** The pages, and the addresses that they have. edge/pages/page-paths.ts lets the same ones through. */
export function ClinicApp() {
  return (
    <BrowserRouter>
      <SessionGate>
        <Frame />
      </SessionGate>
    </BrowserRouter>
  )
}

/** What the window is called on pages that are more than their place; the first that fits. */
const PAGES: readonly (readonly [path: RegExp, words: string])[] = [
  [/^\/patients\/new$/, 'patients.register'],
  [/^\/patients\/[^/]+$/, 'patients.record'],
  [/^\/patients\/[^/]+\/visit$/, 'visit.title'],
  [/^\/patients\/[^/]+\/card$/, 'patients.card'],
  [/^\/patients\/[^/]+\/edit$/, 'patients.edit'],
  [/^\/patients\/[^/]+\/local-file$/, 'imports.local.title'],
  [/^\/settings\/people$/, 'people.title'],
  [/^\/settings\/tokens$/, 'people.tokens.title'],
  [/^\/settings\/backup$/, 'settings.backup.title'],
  [/^\/settings\/data$/, 'settings.data.title'],
  [/^\/settings\/password$/, 'session.password'],
  [/^\/settings\/about$/, 'settings.about.title'],
]

function Frame() {
  const { t } = useTranslation()
  const { pathname } = useLocation()
  const page = PAGES.find(([path]) => path.test(pathname))?.[1]
  const { session, may, isOver } = useSession()
  const status = useEdgeStatus(!isOver)
  const places: Place[] = [
    { to: '/patients', label: t('patients.title'), icon: <IconUsers size={20} /> },
    ...(may('clinical') ? [{ to: '/bring', label: t('imports.title'), icon: <IconPackageImport size={20} /> }] : []),
    { to: '/sync', label: t('sync.title'), icon: <IconCloudUpload size={20} /> },
    { to: '/settings', label: t('settings.title'), icon: <IconSettings size={20} /> },
  ]
  return (
    <AppFrame
      title={t('frame.title')}
      places={places}
      page={page && t(page)}
      banner={<SyncBanner status={status} />}
      person={<PersonMenu />}
    >
      <Suspense
        fallback={
          <Center p="xl">
            <Loader aria-label={t('frame.loading')} />
          </Center>
        }
      >
        <Routes>
          <Route path="/" element={<Navigate to="/patients" replace />} />
          <Route path="/patients" element={<PatientsPage />} />
          <Route path="/patients/new" element={<RegisterPage />} />
          <Route path="/patients/:mrn/card" element={<CardPage />} />
          <Route path="/patients/:mrn/edit" element={<EditPage />} />
          <Route path="/patients/:mrn/local-file" element={<LocalFilePage />} />
          <Route path="/patients/:mrn" element={<PatientPage />} />
          {may('clinical') && <Route path="/patients/:mrn/visit" element={<VisitPage />} />}
          <Route path="/sign-in" element={<Navigate to="/patients" replace />} />
          <Route path="/settings" element={<SettingsFrame />}>
            {may('settings') && <Route path="people" element={<PeoplePage />} />}
            {may('settings') && session.person && <Route path="tokens" element={<TokensPage />} />}
            {may('settings') && <Route path="backup" element={<BackupPage />} />}
            <Route path="data" element={<DataPage />} />
            {session.person && <Route path="password" element={<PasswordPage />} />}
            <Route path="about" element={<AboutPage />} />
          </Route>
          {may('clinical') && <Route path="/bring" element={<BringPage status={status} />} />}
          <Route path="/sync" element={<SyncPage status={status} />} />
        </Routes>
      </Suspense>
    </AppFrame>
  )
}
