import { Button, Center, Loader, Text, Title } from '@mantine/core'
import { IconPrinter } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import type { Patient } from 'fhir/r4'
import { toString as qrText } from 'qrcode'
import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router'
import { ask } from '../../../web-kit/ask'
import { Failure } from '../../../web-kit/failure'
import { localDate } from '../../../web-kit/local-form'
import { BackLink } from './back-link'
import { nameOf } from './name-of'
import './patients.css'

/** A card for the patient to carry. The QR code holds the MRN and nothing else: whoever finds the card learns no more than it says. */
export function CardPage() {
  const { mrn = '' } = useParams()
  const { t } = useTranslation()
  const { data, error, refetch } = useQuery({
    queryKey: ['patient-card', mrn],
    queryFn: async ({ signal }) => ({
      patient: await ask<Patient>(`/fhir/Patient/${mrn}`, { signal }),
      qr: await qrText(mrn, { type: 'svg', margin: 0, errorCorrectionLevel: 'M' }),
    }),
  })
  return (
    <>
      <BackLink to={`/patients/${mrn}`} label={t('patients.toPatient')} />
      <Title order={1} mb="md" className="kit-no-print">
        {t('patients.card')}
      </Title>
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {!data && !error && (
        <Center p="xl">
          <Loader aria-label={t('frame.loading')} />
        </Center>
      )}
      {data && (
        <>
          <Card patient={data.patient} qr={data.qr} mrn={mrn} />
          <Button
            autoFocus
            mt="lg"
            size="md"
            className="kit-no-print"
            leftSection={<IconPrinter size={20} aria-hidden="true" />}
            onClick={() => window.print()}
          >
            {t('patients.print')}
          </Button>
        </>
      )}
    </>
  )
}

function Card({ patient, qr, mrn }: { patient: Patient; qr: string; mrn: string }) {
  const { t, i18n } = useTranslation()
  const facts = [
    patient.birthDate && localDate(patient.birthDate, i18n.language),
    patient.gender && t(`patients.${patient.gender}`),
  ]
  return (
    <section className="patients-card" aria-label={t('patients.card')}>
      <div style={{ display: 'flex', flexDirection: 'column', minWidth: 0 }}>
        <Text size="sm" c="#444">
          {t('patients.card')}
        </Text>
        <Text fw={700} size="lg" lh={1.2} lineClamp={2}>
          {nameOf(patient)}
        </Text>
        <Text size="sm">{facts.filter(Boolean).join(' · ')}</Text>
        <div style={{ marginTop: 'auto' }}>
          <Text size="xs" c="#444">
            {t('patients.mrn')}
          </Text>
          <div className="patients-card-mrn">{mrn}</div>
        </div>
        <Text size="xs" c="#444">
          {t('patients.cardHint')}
        </Text>
      </div>
      <img
        src={`data:image/svg+xml,${encodeURIComponent(qr)}`}
        alt={t('patients.qr', { mrn })}
        style={{ width: '27mm', height: '27mm', alignSelf: 'center' }}
      />
    </section>
  )
}
