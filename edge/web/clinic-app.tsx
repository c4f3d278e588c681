import { Center, Loader } from '@mantine/core'
import { IconCloudUpload, IconKey, IconPackageImport, IconShieldLock, IconUsers } from '@tabler/icons-react'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { BrowserRouter, Navigate, Route, Routes } from 'react-router'
import { AppFrame, type Place } from '../../web-kit/app-frame'
import { PatientPage } from './patient/patient-page'
import { EditPage } from './patients/edit-page'
import { PatientsPage } from './patients/patients-page'
import { RegisterPage } from './patients/register-page'
import { PersonMenu } from './session/person-menu'
import { SessionGate } from './session/session-gate'
import { useSession } from './session/use-session'
import { SyncBanner } from './sync/sync-banner'
import { SyncPage } from './sync/sync-page'
import { useEdgeStatus } from './sync/use-edge-status'

const PeoplePage = lazy(() => import('./people/people-page').then(({ PeoplePage }) => ({ default: PeoplePage })))
const TokensPage = lazy(() => import('./people/tokens-page').then(({ TokensPage }) => ({ default: TokensPage })))
const PasswordPage = lazy(() =>
  import('./people/password-page').then(({ PasswordPage }) => ({ default: PasswordPage })),
)

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

function Frame() {
  const { t } = useTranslation()
  const { session, may, isOver } = useSession()
  const status = useEdgeStatus(!isOver)
  const places: Place[] = [
    { to: '/patients', label: t('patients.title'), icon: <IconUsers size={20} /> },
    ...(may('clinical') ? [{ to: '/bring', label: t('imports.title'), icon: <IconPackageImport size={20} /> }] : []),
    { to: '/sync', label: t('sync.title'), icon: <IconCloudUpload size={20} /> },
    ...(may('settings')
      ? [{ to: '/settings/people', label: t('people.title'), icon: <IconShieldLock size={20} /> }]
      : []),
    ...(may('settings') && session.person
      ? [{ to: '/settings/tokens', label: t('people.tokens.title'), icon: <IconKey size={20} /> }]
      : []),
  ]
  return (
    <AppFrame title={t('frame.title')} places={places} banner={<SyncBanner status={status} />} person={<PersonMenu />}>
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
          {may('settings') && <Route path="/settings/people" element={<PeoplePage />} />}
          {may('settings') && session.person && <Route path="/settings/tokens" element={<TokensPage />} />}
          {session.person && <Route path="/settings/password" element={<PasswordPage />} />}
          {may('clinical') && <Route path="/bring" element={<BringPage status={status} />} />}
          <Route path="/sync" element={<SyncPage status={status} />} />
        </Routes>
      </Suspense>
    </AppFrame>
  )
}
