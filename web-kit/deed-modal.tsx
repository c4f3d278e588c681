import { Button, Group, Modal, Stack, Text, Textarea } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Failure } from './failure'

export interface DeedModalProps {
  readonly title: string
  /** What will be so afterwards, for whom. */
  readonly effect: ReactNode
  /** On the button that does it. */
  readonly verb: string
  readonly isGrave?: boolean
  /** Asked for a sentence, which `onDo` gets. */
  readonly reason?: { readonly label: string; readonly hint: string }
  readonly isReady?: boolean
  readonly children?: ReactNode
  readonly onDo: (reason: string) => Promise<unknown>
  readonly onClose: () => void
}

const MOST_REASON = 500

/** Asks before something is done that others feel. What was typed stays where it fails. */
export function DeedModal(props: DeedModalProps) {
  const { title, effect, verb, isGrave = false, reason, isReady = true, children, onDo, onClose } = props
  const { t } = useTranslation()
  const [text, setText] = useState('')
  const deed = useMutation({ mutationFn: () => onDo(text.trim()), onSuccess: onClose })
  const colour = isGrave ? 'red.8' : 'leaf'
  return (
    <Modal opened onClose={onClose} title={title} closeButtonProps={{ 'aria-label': t('frame.close') }} centered>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          deed.mutate()
        }}
      >
        <Stack>
          {typeof effect === 'string' ? <Text>{effect}</Text> : effect}
          {children}
          {reason && (
            <Textarea
              label={reason.label}
              description={reason.hint}
              value={text}
              onChange={({ currentTarget }) => setText(currentTarget.value)}
              maxLength={MOST_REASON}
              autosize
              minRows={2}
              required
              data-autofocus
            />
          )}
          {deed.error && <Failure error={deed.error} />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {t('frame.cancel')}
            </Button>
            <Button
              type="submit"
              color={colour}
              loading={deed.isPending}
              disabled={!isReady || (reason !== undefined && text.trim() === '')}
            >
              {verb}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
