import { Button, PasswordInput, Radio, Stack, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AppSession, PersonRequest, PersonSummary } from '../../../schemas/generated/types'
import { ask } from '../../../web-kit/ask'
import { Failure } from '../../../web-kit/failure'
import { useSession } from '../session/use-session'

export const ROLES = ['registrar', 'clinician', 'admin'] as const

/** A new account; the first one is an admin, who is signed in with it. */
export function PersonForm({ isFirst, onDone }: { isFirst: boolean; onDone: (name: string) => void }) {
  const { t } = useTranslation()
  const { renew } = useSession()
  const [person, setPerson] = useState<PersonRequest>({
    fullName: '',
    name: '',
    role: isFirst ? 'admin' : 'clinician',
    password: '',
  })
  const name = person.name.trim().toLowerCase()
  const add = useMutation({
    mutationFn: () =>
      ask<PersonSummary | AppSession>('/app/people', {
        method: 'POST',
        body: { ...person, fullName: person.fullName.trim(), name },
      }),
    onSuccess: (answer) => {
      if ('stage' in answer) renew(answer)
      onDone(name)
    },
  })
  const set = (part: Partial<PersonRequest>) => setPerson((before) => ({ ...before, ...part }))
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        add.mutate()
      }}
    >
      <Stack>
        <TextInput
          label={t('people.fullName')}
          description={t('people.fullNameHint')}
          value={person.fullName}
          onChange={({ currentTarget }) => set({ fullName: currentTarget.value })}
          autoComplete="off"
          required
          data-autofocus
        />
        <TextInput
          label={t('people.name')}
          description={t('people.nameHint')}
          value={person.name}
          onChange={({ currentTarget }) => set({ name: currentTarget.value })}
          pattern="\s*[A-Za-z][A-Za-z0-9._\-]{1,31}\s*"
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          required
        />
        {!isFirst && (
          <Radio.Group
            label={t('people.roleTitle')}
            value={person.role}
            onChange={(role) => set({ role: role as PersonRequest['role'] })}
          >
            <Stack gap="xs" mt="xs">
              {ROLES.map((role) => (
                <Radio
                  key={role}
                  value={role}
                  label={t(`people.role.${role}`)}
                  description={t(`people.roleNote.${role}`)}
                />
              ))}
            </Stack>
          </Radio.Group>
        )}
        <PasswordInput
          label={t('people.password')}
          description={t('people.passwordHint')}
          value={person.password}
          onChange={({ currentTarget }) => set({ password: currentTarget.value })}
          minLength={10}
          autoComplete="new-password"
          visibilityToggleButtonProps={{ 'aria-label': t('signIn.show'), tabIndex: 0 }}
          required
        />
        {add.error && <Failure error={add.error} />}
        <Button type="submit" loading={add.isPending}>
          {t('people.save')}
        </Button>
      </Stack>
    </form>
  )
}
