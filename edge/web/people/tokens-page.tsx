import {
  Alert,
  Badge,
  Button,
  Code,
  CopyButton,
  Group,
  Modal,
  Radio,
  Stack,
  Table,
  Text,
  TextInput,
  Title,
} from '@mantine/core'
import { IconKey } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AppTokenList, AppTokenMade, AppTokenRequest } from '../../../schemas/generated/types'
import { ask } from '../../../web-kit/ask'
import { DeedModal } from '../../../web-kit/deed-modal'
import { Failure } from '../../../web-kit/failure'
import { localDate, localMoment } from '../../../web-kit/local-form'
import { Pager } from '../../../web-kit/pager'

const ON_A_PAGE = 25

/** What other systems on the facility's network show to be let in. */
export function TokensPage() {
  const { t, i18n } = useTranslation()
  const queries = useQueryClient()
  const [isAdding, setAdding] = useState(false)
  const [page, setPage] = useState(0)
  const { data, error, refetch } = useQuery({
    queryKey: ['tokens'],
    queryFn: ({ signal }) => ask<AppTokenList>('/app/tokens', { signal }),
  })
  const renewed = () => queries.invalidateQueries({ queryKey: ['tokens'] })
  const [revoking, setRevoking] = useState<{ id: string; name: string }>()
  return (
    <>
      <Group justify="space-between" mb="xs">
        <Title order={1}>{t('people.tokens.title')}</Title>
        <Button leftSection={<IconKey size={20} />} onClick={() => setAdding(true)}>
          {t('people.tokens.add')}
        </Button>
      </Group>
      <Text className="kit-quiet" mb="md">
        {t('people.tokens.note')}
      </Text>
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {data?.tokens.length === 0 && <Text className="kit-quiet">{t('people.tokens.none')}</Text>}
      {data && data.tokens.length > 0 && (
        <Table.ScrollContainer
          minWidth={620}
          className="kit-surface"
          scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}
        >
          <Table verticalSpacing="sm" horizontalSpacing="md">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('people.tokens.name')}</Table.Th>
                <Table.Th>{t('people.roleTitle')}</Table.Th>
                <Table.Th>{t('people.tokens.made')}</Table.Th>
                <Table.Th>{t('people.tokens.lastUsed')}</Table.Th>
                <Table.Th aria-label={t('people.actions')} />
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {data.tokens
                .slice(page * ON_A_PAGE, (page + 1) * ON_A_PAGE)
                .map(({ id, name, role, createdAt, createdBy, lastUsedAt, revokedAt }) => (
                  <Table.Tr key={id}>
                    <Table.Td fw={600}>{name}</Table.Td>
                    <Table.Td>{t(`people.role.${role}`)}</Table.Td>
                    <Table.Td>
                      {localDate(createdAt, i18n.language)} · {createdBy}
                    </Table.Td>
                    <Table.Td>{lastUsedAt ? localMoment(lastUsedAt, i18n.language, new Date()) : '–'}</Table.Td>
                    <Table.Td ta="right">
                      {revokedAt ? (
                        <Badge color="gray">{t('people.tokens.revoked')}</Badge>
                      ) : (
                        <Button variant="light" color="red" size="compact-md" onClick={() => setRevoking({ id, name })}>
                          {t('people.tokens.revoke')}
                        </Button>
                      )}
                    </Table.Td>
                  </Table.Tr>
                ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      <Pager page={page} size={ON_A_PAGE} count={data?.tokens.length ?? 0} onPage={setPage} />
      <Modal
        closeButtonProps={{ 'aria-label': t('frame.close') }}
        opened={isAdding}
        onClose={() => setAdding(false)}
        title={t('people.tokens.add')}
        closeOnClickOutside={false}
      >
        {isAdding && <TokenForm onMade={() => void renewed()} />}
      </Modal>
      {revoking && (
        <DeedModal
          title={t('people.tokens.revokeTitle', { name: revoking.name })}
          effect={t('people.tokens.revokeEffect')}
          verb={t('people.tokens.revoke')}
          isGrave
          onDo={() => ask(`/app/tokens/${revoking.id}`, { method: 'DELETE' }).finally(renewed)}
          onClose={() => setRevoking(undefined)}
        />
      )}
    </>
  )
}

function TokenForm({ onMade }: { onMade: () => void }) {
  const { t } = useTranslation()
  const [asked, setAsked] = useState<AppTokenRequest>({ name: '', role: 'clinician' })
  const make = useMutation({
    mutationFn: () => ask<AppTokenMade>('/app/tokens', { method: 'POST', body: asked }),
    onSuccess: onMade,
  })
  if (make.data) {
    const { token } = make.data
    return (
      <Stack>
        <Alert color="yellow" title={t('people.tokens.once')}>
          {t('people.tokens.onceNote')}
        </Alert>
        <Code block style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
          {token}
        </Code>
        <CopyButton value={token}>
          {({ copied, copy }) => (
            <Button onClick={copy}>{t(copied ? 'people.tokens.copied' : 'people.tokens.copy')}</Button>
          )}
        </CopyButton>
      </Stack>
    )
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        make.mutate()
      }}
    >
      <Stack>
        <TextInput
          label={t('people.tokens.name')}
          description={t('people.tokens.nameHint')}
          value={asked.name}
          onChange={({ currentTarget }) => setAsked({ ...asked, name: currentTarget.value })}
          required
          data-autofocus
        />
        <Radio.Group
          label={t('people.roleTitle')}
          value={asked.role}
          onChange={(role) => setAsked({ ...asked, role: role as AppTokenRequest['role'] })}
        >
          <Stack gap="xs" mt="xs">
            {(['registrar', 'clinician'] as const).map((role) => (
              <Radio key={role} value={role} label={t(`people.tokens.may.${role}`)} />
            ))}
          </Stack>
        </Radio.Group>
        {make.error && <Failure error={make.error} />}
        <Button type="submit" loading={make.isPending}>
          {t('people.tokens.add')}
        </Button>
      </Stack>
    </form>
  )
}
