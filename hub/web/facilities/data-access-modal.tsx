import { Alert, Switch } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { NodeSummary } from '../../../schemas/generated/types'
import { ask } from '../../../web-kit/ask'
import { DeedModal } from '../../../web-kit/deed-modal'

interface DataAccessModalProps {
  /** `reject` is also for taking away what was accepted. */
  readonly kind: 'accept' | 'reject'
  readonly node: NodeSummary
  readonly onClose: () => void
}

export function DataAccessModal({ kind, node, onClose }: DataAccessModalProps) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const [paperScheme, setPaperScheme] = useState(node.dataAccess.paperScheme ?? false)
  const { name, nodeName } = node
  const isTaking = kind === 'reject' && node.dataAccess.status === 'accepted'
  const deed = isTaking ? 'take' : kind
  const send = async (body: object) => {
    await ask(`/operator/nodes/${nodeName}/data-access/${kind}`, { method: 'POST', body })
    await queries.invalidateQueries()
  }
  return (
    <DeedModal
      title={t(`facilities.accessDeed.${deed}.title`, { name })}
      effect={t(`facilities.accessDeed.${deed}.effect`, { name })}
      verb={t(`facilities.accessDeed.${deed}.verb`)}
      isGrave={kind === 'reject'}
      {...(kind === 'reject' && { reason: { label: t('facilities.reason'), hint: t('facilities.reasonHint') } })}
      onDo={(reason) => send(kind === 'accept' ? { paperScheme } : { reason })}
      onClose={onClose}
    >
      {kind === 'accept' && (
        <>
          <Switch
            label={t('facilities.paperScheme')}
            checked={paperScheme}
            onChange={({ currentTarget }) => setPaperScheme(currentTarget.checked)}
          />
          {paperScheme && <Alert color="yellow">{t('facilities.paperSchemeNote')}</Alert>}
        </>
      )}
    </DeedModal>
  )
}
