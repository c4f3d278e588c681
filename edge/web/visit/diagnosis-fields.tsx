import { ActionIcon, Checkbox, Combobox, Group, Stack, Text, TextInput, useCombobox } from '@mantine/core'
import { IconSearch, IconX } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { codedIn, searchIcd10 } from './icd10/search'
import { diagnosed, type Obstacle, type VisitForm } from './visit-form'
import type { Change } from './visit-page'

const OWN_WORDS = 'own-words'
const OWN_CODE = 'own-code'

/** The titles come when the first visit is opened; own words do without them. */
export function DiagnosisFields({
  form: { diagnoses, diagnosing: typed },
  change,
  obstacles,
}: {
  form: VisitForm
  change: Change
  obstacles: readonly Obstacle[]
}) {
  const { t, i18n } = useTranslation()
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() })
  const { data: titles = [] } = useQuery({
    queryKey: ['icd10-titles'],
    queryFn: async () => (await import('./icd10/titles')).ICD10_TITLES,
    staleTime: Number.POSITIVE_INFINITY,
  })
  const hits = searchIcd10(typed, titles)
  const titleOf = ({ en, id }: { en: string; id: string }) => (i18n.language === 'id' ? id : en)
  const own = typed.trim()
  const coded = codedIn(typed)
  // The code alone, with a title here, is in the list already.
  const ownCode = coded && hits.every(({ code }) => code !== coded.title) ? coded : undefined

  // Only what is drawn can be selected.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the store is another object at each call
  useEffect(() => {
    if (own !== '') combobox.selectFirstOption()
  }, [own, titles, combobox.dropdownOpened])
  // What was typed and not chosen is asked for when the visit is saved: there is something to choose from then.
  const openList = () => own !== '' && combobox.openDropdown()

  const take = (chosen: string) => {
    const hit = hits.find(({ code }) => code === chosen)
    if (!hit && own === '') return
    const words = chosen === OWN_CODE && ownCode ? ownCode : { title: own }
    const diagnosis = hit ? { code: hit.code, title: titleOf(hit) } : words
    const key = crypto.getRandomValues(new Uint32Array(1)).join()
    change(({ diagnoses }) => ({ diagnosing: '', diagnoses: diagnosed(diagnoses, { key, ...diagnosis }) }))
    combobox.closeDropdown()
  }
  return (
    <Stack gap="sm">
      {diagnoses.map(({ key, code, title, isLasting }) => (
        <Group key={key} wrap="nowrap" justify="space-between" align="flex-start" gap="xs">
          <Stack gap={4} miw={0}>
            <Text fw={600} style={{ overflowWrap: 'anywhere' }}>
              {title}{' '}
              {code && (
                <Text span ff="monospace" size="sm" className="kit-quiet">
                  {code}
                </Text>
              )}
            </Text>
            <Checkbox
              label={t('visit.lasting')}
              checked={isLasting}
              onChange={({ currentTarget: { checked } }) =>
                change((before) => ({
                  diagnoses: before.diagnoses.map((one) => (one.key === key ? { ...one, isLasting: checked } : one)),
                }))
              }
            />
          </Stack>
          <ActionIcon
            variant="subtle"
            color="gray"
            size="lg"
            aria-label={t('visit.remove', { title })}
            onClick={() => change((before) => ({ diagnoses: before.diagnoses.filter((one) => one.key !== key) }))}
          >
            <IconX size={20} />
          </ActionIcon>
        </Group>
      ))}
      <Combobox store={combobox} onOptionSubmit={take}>
        <Combobox.Target>
          <TextInput
            label={t('visit.diagnosisSearch')}
            description={t('visit.diagnosisHint')}
            leftSection={<IconSearch size={18} aria-hidden="true" />}
            maxLength={200}
            value={typed}
            error={obstacles.some(({ kind }) => kind === 'diagnosing') && t('visit.diagnosing')}
            onChange={({ currentTarget: { value } }) => {
              change(() => ({ diagnosing: value }))
              combobox.openDropdown()
            }}
            onFocus={openList}
            onClick={openList}
            onBlur={() => combobox.closeDropdown()}
            onKeyDown={(event) => event.key === 'Enter' && event.preventDefault()}
          />
        </Combobox.Target>
        <Combobox.Dropdown hidden={own === ''}>
          <Combobox.Options>
            {hits.map((hit) => (
              <Combobox.Option key={hit.code} value={hit.code}>
                <Text span ff="monospace" size="sm" mr="xs">
                  {hit.code}
                </Text>
                {titleOf(hit)}
              </Combobox.Option>
            ))}
            {ownCode && (
              <Combobox.Option value={OWN_CODE}>
                {t('visit.ownCode', { text: [...new Set([ownCode.code, ownCode.title])].join(' – ') })}
              </Combobox.Option>
            )}
            <Combobox.Option value={OWN_WORDS}>{t('visit.ownWords', { text: own })}</Combobox.Option>
          </Combobox.Options>
        </Combobox.Dropdown>
      </Combobox>
    </Stack>
  )
}
