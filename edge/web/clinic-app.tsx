import { Center, Loader } from '@mantine/core'
import { IconCloudUpload, IconUsers } from '@tabler/icons-react'
import { Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { BrowserRouter, Navigate, Route, Routes } from 'react-router'
import { AppFrame, type Place } from '../../web-kit/app-frame'
import { PatientPage } from './patient/patient-page'
import { PatientsPage } from './patients/patients-page'
import { SyncBanner } from './sync/sync-banner'
import { SyncPage } from './sync/sync-page'
import { useEdgeStatus } from './sync/use-edge-status'

/** The pages, and the addresses that they have. edge/pages/page-paths.ts lets the same ones through. */
export function ClinicApp() {
  return (
    <BrowserRouter>
      <Frame />
    </BrowserRouter>
  )
}

function Frame() {
  const { t } = useTranslation()
  const status = useEdgeStatus()
  const places: Place[] = [
    { to: '/patients', label: t('patients.title'), icon: <IconUsers size={20} /> },
    { to: '/sync', label: t('sync.title'), icon: <IconCloudUpload size={20} /> },
  ]
  return (
    <AppFrame title={t('frame.title')} places={places} banner={<SyncBanner status={status} />}>
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
          <Route path="/patients/:mrn" element={<PatientPage />} />
          <Route path="/sync" element={<SyncPage status={status} />} />
        </Routes>
      </Suspense>
    </AppFrame>
  )
}
