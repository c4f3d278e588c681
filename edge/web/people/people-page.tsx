import { Alert, Badge, Button, Group, Menu, Modal, Table, Text, Title } from '@mantine/core'
import { IconDots, IconUserPlus } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { PersonChange, PersonList, PersonSummary } from '../../../schemas/generated/types'
import { ask } from '../../../web-kit/ask'
import { Failure } from '../../../web-kit/failure'
import { localMoment } from '../../../web-kit/local-form'
import { Pager } from '../../../web-kit/pager'
import { useSession } from '../session/use-session'
import { PasswordForm } from './password-form'
import { PersonForm, ROLES } from './person-form'

type Doing = { kind: 'add' } | { kind: 'password'; person: PersonSummary }

const ON_A_PAGE = 25

/** Who may work here, and as what. */
export function PeoplePage() {
  const { t, i18n } = useTranslation()
  const queries = useQueryClient()
  const { session } = useSession()
  const [doing, setDoing] = useState<Doing>()
  const isFirst = session.stage === 'open'
  const { data, error, refetch } = useQuery({
    queryKey: ['people'],
    queryFn: ({ signal }) => ask<PersonList>('/app/people', { signal }),
  })
  const [page, setPage] = useState(0)
  const change = useMutation({
    mutationFn: ({ name, ...body }: PersonChange & { name: string }) =>
      ask(`/app/people/${encodeURIComponent(name)}`, { method: 'PUT', body }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['people'] }),
  })
  const done = () => {
    setDoing(undefined)
    return queries.invalidateQueries({ queryKey: ['people'] })
  }
  /** Whoever was added is in sight. */
  const added = async (name: string) => {
    await done()
    const { people = [] } = queries.getQueryData<PersonList>(['people']) ?? {}
    setPage(Math.max(0, Math.floor(people.findIndex((person) => person.name === name) / ON_A_PAGE)))
  }
  return (
    <>
      <Group justify="space-between" mb="md">
        <Title order={1}>{t('people.title')}</Title>
        <Button leftSection={<IconUserPlus size={20} />} onClick={() => setDoing({ kind: 'add' })}>
          {t(isFirst ? 'session.firstAccount' : 'people.add')}
        </Button>
      </Group>
      {isFirst && (
        <Alert color="yellow" title={t('people.open')} mb="md">
          {t('people.openNote')}
        </Alert>
      )}
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {change.error && <Failure error={change.error} />}
      {data && data.people.length > 0 && (
        <Table.ScrollContainer
          minWidth={620}
          className="kit-surface"
          scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}
        >
          <Table verticalSpacing="sm" horizontalSpacing="md">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('people.fullName')}</Table.Th>
                <Table.Th>{t('people.name')}</Table.Th>
                <Table.Th>{t('people.roleTitle')}</Table.Th>
                <Table.Th>{t('people.lastSignIn')}</Table.Th>
                <Table.Th aria-label={t('people.actions')} />
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {data.people.slice(page * ON_A_PAGE, (page + 1) * ON_A_PAGE).map((person) => (
                <Table.Tr key={person.name}>
                  <Table.Td fw={600}>
                    <Group gap="xs">
                      <Text component="span" fw={600} {...(person.isDisabled && { className: 'kit-quiet' })}>
                        {person.fullName}
                      </Text>
                      {person.isDisabled && <Badge color="gray">{t('people.disabled')}</Badge>}
                      {person.lockedUntil && <Badge color="red">{t('people.locked')}</Badge>}
                    </Group>
                  </Table.Td>
                  <Table.Td ff="monospace">{person.name}</Table.Td>
                  <Table.Td>{t(`people.role.${person.role}`)}</Table.Td>
                  <Table.Td>
                    {person.lastSignInAt ? localMoment(person.lastSignInAt, i18n.language, new Date()) : '–'}
                  </Table.Td>
                  <Table.Td ta="right">
                    <Menu position="bottom-end">
                      <Menu.Target>
                        <Button
                          variant="subtle"
                          color="gray"
                          size="compact-md"
                          aria-label={t('people.change', { name: person.fullName })}
                        >
                          <IconDots size={20} />
                        </Button>
                      </Menu.Target>
                      <Menu.Dropdown>
                        <Menu.Item onClick={() => setDoing({ kind: 'password', person })}>
                          {t('people.newPassword')}
                        </Menu.Item>
                        <Menu.Label>{t('people.roleTitle')}</Menu.Label>
                        {ROLES.filter((role) => role !== person.role).map((role) => (
                          <Menu.Item key={role} onClick={() => change.mutate({ name: person.name, role })}>
                            {t('people.makeRole', { role: t(`people.role.${role}`) })}
                          </Menu.Item>
                        ))}
                        <Menu.Divider />
                        <Menu.Item
                          {...(!person.isDisabled && { c: 'var(--mantine-color-error)' })}
                          onClick={() => change.mutate({ name: person.name, isDisabled: !person.isDisabled })}
                        >
                          {t(person.isDisabled ? 'people.enable' : 'people.disable')}
                        </Menu.Item>
                      </Menu.Dropdown>
                    </Menu>
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      <Pager page={page} size={ON_A_PAGE} count={data?.people.length ?? 0} onPage={setPage} />
      <Modal
        // What was typed is not lost by a slip of the mouse.
        closeOnClickOutside={false}
        closeButtonProps={{ 'aria-label': t('frame.close') }}
        opened={doing !== undefined}
        onClose={() => setDoing(undefined)}
        title={
          doing?.kind === 'password'
            ? t('people.newPasswordFor', { name: doing.person.fullName })
            : t(isFirst ? 'session.firstAccount' : 'people.add')
        }
      >
        {doing?.kind === 'add' && <PersonForm isFirst={isFirst} onDone={(name) => void added(name)} />}
        {doing?.kind === 'password' && <PasswordForm name={doing.person.name} onDone={() => void done()} />}
      </Modal>
    </>
  )
}
