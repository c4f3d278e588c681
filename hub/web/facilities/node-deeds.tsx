import { Button, Group, Menu, Radio, Stack } from '@mantine/core'
import { IconDeviceDesktopPlus, IconDots, IconPlayerPause, IconPlayerPlay, IconRefresh } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { NodeSummary } from '../../../schemas/generated/types'
import { ask } from '../../../web-kit/ask'
import { DeedModal } from '../../../web-kit/deed-modal'

type Deed = 'suspend' | 'resume' | 'rotate' | 'reopen'

/** What an operator can do to a facility; each says before what the facility will feel. */
export function NodeDeeds({ node }: { node: NodeSummary }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const [deed, setDeed] = useState<Deed>()
  const [isOverlapping, setOverlapping] = useState(true)
  const { name, nodeName } = node
  const isSuspended = node.state === 'suspended'
  const bodyOf = (kind: Deed, reason: string) =>
    kind === 'suspend' ? { reason } : kind === 'rotate' && isOverlapping ? { overlap: true } : {}
  return (
    <Group gap="xs">
      {isSuspended ? (
        <Button leftSection={<IconPlayerPlay size={18} />} onClick={() => setDeed('resume')}>
          {t('facilities.deed.resume.verb')}
        </Button>
      ) : (
        <Button
          variant="light"
          color="red"
          leftSection={<IconPlayerPause size={18} />}
          onClick={() => setDeed('suspend')}
        >
          {t('facilities.deed.suspend.verb')}
        </Button>
      )}
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default" px="xs" aria-label={t('facilities.more', { name })}>
            <IconDots size={20} />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconRefresh size={18} />} onClick={() => setDeed('rotate')}>
            {t('facilities.deed.rotate.verb')}
          </Menu.Item>
          <Menu.Item
            leftSection={<IconDeviceDesktopPlus size={18} />}
            disabled={node.reopenedAt !== undefined}
            onClick={() => setDeed('reopen')}
          >
            {t('facilities.deed.reopen.verb')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {deed && (
        <DeedModal
          title={t(`facilities.deed.${deed}.title`, { name })}
          effect={t(`facilities.deed.${deed}.effect`, { name })}
          verb={t(`facilities.deed.${deed}.verb`)}
          isGrave={deed === 'suspend'}
          {...(deed === 'suspend' && { reason: { label: t('facilities.reason'), hint: t('facilities.reasonHint') } })}
          onDo={async (reason) => {
            await ask(`/operator/nodes/${nodeName}/${deed}`, { method: 'POST', body: bodyOf(deed, reason) })
            await queries.invalidateQueries()
          }}
          onClose={() => setDeed(undefined)}
        >
          {deed === 'rotate' && (
            <Radio.Group
              label={t('facilities.rotateHow')}
              value={isOverlapping ? 'overlap' : 'now'}
              onChange={(value) => setOverlapping(value === 'overlap')}
            >
              <Stack gap="xs" mt="xs">
                {(['overlap', 'now'] as const).map((how) => (
                  <Radio
                    key={how}
                    value={how}
                    label={t(`facilities.rotate.${how}.label`)}
                    description={t(`facilities.rotate.${how}.note`)}
                  />
                ))}
              </Stack>
            </Radio.Group>
          )}
        </DeedModal>
      )}
    </Group>
  )
}
