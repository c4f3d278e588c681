import { Tabs, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useNavigate, useParams } from 'react-router'
import './audit.css'
import { BrokenGlass } from './broken-glass'
import { ChainCheck } from './chain-check'
import { Disclosures } from './disclosures'
import { Search } from './search'

const PARTS = ['search', 'patient', 'broken-glass', 'chains'] as const

/** Who did what, who read whom, and whether all of that is still as it was written. */
export function AuditPage() {
  const { t } = useTranslation()
  const { part: asked } = useParams()
  const go = useNavigate()
  const part = PARTS.find((one) => one === asked) ?? 'search'
  return (
    <>
      <Title order={1} mb="sm">
        {t('audit.title')}
      </Title>
      <Tabs value={part} onChange={(to) => void go(to === 'search' ? '/audit' : `/audit/${to}`)} keepMounted={false}>
        <Tabs.List mb="md">
          {PARTS.map((one) => (
            <Tabs.Tab key={one} value={one}>
              {t(`audit.part.${one}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="search">
          <Search />
        </Tabs.Panel>
        <Tabs.Panel value="patient">
          <Disclosures />
        </Tabs.Panel>
        <Tabs.Panel value="broken-glass">
          <BrokenGlass />
        </Tabs.Panel>
        <Tabs.Panel value="chains">
          <ChainCheck />
        </Tabs.Panel>
      </Tabs>
    </>
  )
}
