import { Alert, Button, FileButton, Loader, Modal, Stack, Text } from '@mantine/core'
import { IconPhoto } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Decode, openDecoder } from './decode-picture'
import { mrnIn } from './scanned-mrn'

const LOOK_EVERY_MS = 200

type Trouble = 'noCamera' | 'cameraRefused' | 'noCode' | 'noMrn' | 'notLoaded'

/** Reads the QR code of a patient's card: by the camera where the page may use one, or from a picture. */
export function ScanModal({ onFound, onClose }: { onFound: (mrn: string) => void; onClose: () => void }) {
  const { t } = useTranslation()
  const video = useRef<HTMLVideoElement>(null)
  const decode = useRef<Decode>(undefined)
  const found = useRef(onFound)
  found.current = onFound
  const [isWatching, setWatching] = useState(false)
  const [trouble, setTrouble] = useState<Trouble | undefined>()

  useEffect(() => {
    let isOver = false
    let stream: MediaStream | undefined
    let timer: ReturnType<typeof setTimeout>
    const look = async () => {
      const text = video.current && (await decode.current?.(video.current).catch(() => undefined))
      if (isOver) return
      const mrn = text ? mrnIn(text) : undefined
      if (mrn !== undefined) return found.current(mrn)
      if (text) setTrouble('noMrn')
      timer = setTimeout(() => void look(), LOOK_EVERY_MS)
    }
    const start = async () => {
      decode.current = await openDecoder().catch(() => undefined)
      if (!decode.current) return setTrouble('notLoaded')
      // Browsers give cameras to this computer's own pages and to https alone.
      if (!navigator.mediaDevices?.getUserMedia) return setTrouble('noCamera')
      try {
        stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } })
      } catch (cause) {
        const isRefused = cause instanceof DOMException && cause.name === 'NotAllowedError'
        return setTrouble(isRefused ? 'cameraRefused' : 'noCamera')
      }
      if (isOver || !video.current) {
        for (const track of stream.getTracks()) track.stop()
        return
      }
      video.current.srcObject = stream
      await video.current.play().catch(() => undefined)
      setWatching(true)
      void look()
    }
    void start()
    return () => {
      isOver = true
      clearTimeout(timer)
      for (const track of stream?.getTracks() ?? []) track.stop()
    }
  }, [])

  const readPicture = async (file: File | null) => {
    if (!file) return
    setTrouble(undefined)
    try {
      const picture = await createImageBitmap(file)
      decode.current ??= await openDecoder()
      const text = await decode.current(picture)
      const mrn = text === undefined ? undefined : mrnIn(text)
      if (mrn !== undefined) return onFound(mrn)
      setTrouble(text === undefined ? 'noCode' : 'noMrn')
    } catch {
      setTrouble('noCode')
    }
  }

  return (
    <Modal
      opened
      onClose={onClose}
      title={t('imports.scan.title')}
      closeButtonProps={{ 'aria-label': t('patient.close') }}
    >
      <Stack gap="sm">
        <Text size="sm">{t('imports.scan.hint')}</Text>
        <video
          ref={video}
          muted
          playsInline
          aria-label={t('imports.scan.camera')}
          hidden={!isWatching}
          style={{ width: '100%', borderRadius: 'var(--mantine-radius-md)', background: '#000' }}
        />
        {!isWatching && trouble === undefined && <Loader aria-label={t('imports.scan.starting')} mx="auto" />}
        {trouble && (
          <Alert color="yellow" role="alert">
            {t(`imports.scan.${trouble}`)}
          </Alert>
        )}
        <FileButton accept="image/*" onChange={(file) => void readPicture(file)}>
          {(props) => (
            <Button {...props} variant="default" leftSection={<IconPhoto size={18} aria-hidden="true" />}>
              {t('imports.scan.picture')}
            </Button>
          )}
        </FileButton>
      </Stack>
    </Modal>
  )
}
