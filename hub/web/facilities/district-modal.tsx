import { Autocomplete } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { NodeSummary } from '../../../schemas/generated/types'
import { ask } from '../../../web-kit/ask'
import { DeedModal } from '../../../web-kit/deed-modal'
import { useNodes } from '../registrations/use-registrations'

/** Where public health counts a facility. Districts that others are in already are offered, so that each is written in one way. */
export function DistrictModal({ node, onClose }: { node: NodeSummary; onClose: () => void }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const known = useNodes().data?.nodes.flatMap(({ district }) => district ?? []) ?? []
  const [district, setDistrict] = useState(node.district ?? '')
  return (
    <DeedModal
      title={t('facilities.district.for', { name: node.name })}
      effect={t('facilities.district.effect')}
      verb={t('facilities.district.save')}
      onDo={async () => {
        const said = district.trim()
        const body = said === '' ? {} : { district: said }
        await ask(`/operator/nodes/${node.nodeName}/district`, { method: 'PUT', body })
        await queries.invalidateQueries()
      }}
      onClose={onClose}
    >
      <Autocomplete
        label={t('facilities.district.title')}
        value={district}
        onChange={setDistrict}
        data={[...new Set(known)].sort()}
        limit={20}
        maxLength={100}
        data-autofocus
      />
    </DeedModal>
  )
}
