import { Badge, Button, Group, Menu, Table, Text, Title } from '@mantine/core'
import { IconDots, IconUserPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { OperatorList, OperatorSummary } from '../../../schemas/generated/types'
import { ask, nowThere } from '../../../web-kit/ask'
import { Failure } from '../../../web-kit/failure'
import { localMoment } from '../../../web-kit/local-form'
import { LIVE } from '../live'
import { LooksOnly } from '../session/looks-only'
import { useSession } from '../session/use-session'
import { AccountDeed, type AccountDoing } from './account-deed'
import { AddOperator } from './add-operator'

/** Whose accounts there are, and what each may. */
export function OperatorsPage() {
  const { t } = useTranslation()
  const { may } = useSession()
  const [isAdding, setAdding] = useState(false)
  const [doing, setDoing] = useState<AccountDoing>()
  const { data, error, refetch } = useQuery({
    queryKey: ['operators'],
    queryFn: ({ signal }) => ask<OperatorList>('/operator/operators', { signal }),
    ...LIVE,
  })
  return (
    <>
      <Group justify="space-between" mb="sm">
        <Title order={1}>{t('operators.title')}</Title>
        {may('decide') && (
          <Button leftSection={<IconUserPlus size={20} />} onClick={() => setAdding(true)}>
            {t('operators.add')}
          </Button>
        )}
      </Group>
      <LooksOnly />
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {data && (
        <Table.ScrollContainer minWidth={720} className="kit-surface">
          <Table verticalSpacing={8} horizontalSpacing="md">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('operators.name')}</Table.Th>
                <Table.Th>{t('operators.role')}</Table.Th>
                <Table.Th>{t('operators.second')}</Table.Th>
                <Table.Th>{t('operators.lastSignIn')}</Table.Th>
                <Table.Th aria-label={t('operators.actions')} />
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {data.operators.map((account) => (
                <Row key={account.name} account={account} onDo={setDoing} />
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      {isAdding && <AddOperator onClose={() => setAdding(false)} />}
      {doing && <AccountDeed doing={doing} onClose={() => setDoing(undefined)} />}
    </>
  )
}

function Row({ account, onDo }: { account: OperatorSummary; onDo: (doing: AccountDoing) => void }) {
  const { t, i18n } = useTranslation()
  const { session, may } = useSession()
  const { name, role, totp, lastSignInAt, lockedUntil, first = false } = account
  const isLocked = lockedUntil !== undefined && Date.parse(lockedUntil) > nowThere().getTime()
  const isOwn = name === session.name
  return (
    <Table.Tr>
      <Table.Td>
        <Group gap="xs">
          <Text component="span" fw={600} ff="monospace">
            {name}
          </Text>
          {isOwn && <Badge variant="default">{t('operators.you')}</Badge>}
          {isLocked && <Badge color="red">{t('operators.locked')}</Badge>}
        </Group>
        {first && (
          <Text size="sm" className="kit-quiet">
            {t('operators.first')}
          </Text>
        )}
      </Table.Td>
      <Table.Td>{t(`session.role.${role}`)}</Table.Td>
      <Table.Td>{t(`operators.totp.${totp}`)}</Table.Td>
      <Table.Td>{lastSignInAt ? localMoment(lastSignInAt, i18n.language, nowThere()) : '–'}</Table.Td>
      <Table.Td ta="right">
        {may('decide') && (!first || isLocked) && (
          <Menu position="bottom-end">
            <Menu.Target>
              <Button variant="subtle" color="gray" size="compact-sm" aria-label={t('operators.change', { name })}>
                <IconDots size={20} />
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              {isLocked && (
                <Menu.Item onClick={() => onDo({ kind: 'unlock', account })}>
                  {t('operators.deed.unlock.verb')}
                </Menu.Item>
              )}
              {!first && (
                <>
                  <Menu.Item onClick={() => onDo({ kind: 'role', account })}>{t('operators.deed.role.verb')}</Menu.Item>
                  {!isOwn && (
                    <Menu.Item onClick={() => onDo({ kind: 'password', account })}>
                      {t('operators.deed.password.verb')}
                    </Menu.Item>
                  )}
                  {totp !== 'off' && (
                    <Menu.Item onClick={() => onDo({ kind: 'totp', account })}>
                      {t('operators.deed.totp.verb')}
                    </Menu.Item>
                  )}
                  <Menu.Item c="var(--mantine-color-error)" onClick={() => onDo({ kind: 'remove', account })}>
                    {t('operators.deed.remove.verb')}
                  </Menu.Item>
                </>
              )}
            </Menu.Dropdown>
          </Menu>
        )}
      </Table.Td>
    </Table.Tr>
  )
}
