import { Box, Center, Group, Paper, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { LanguageSwitch, Mark, SchemeSwitch } from './app-frame'
import { usePageTitle } from './page-title'

/** What stands before the app: one thing to do, in the middle of a quiet page. */
export function DoorFrame({ page, width = 420, children }: { page: string; width?: number; children: ReactNode }) {
  const { t } = useTranslation()
  usePageTitle(page)
  return (
    <Box mih="100vh" p="sm" style={{ display: 'flex', flexDirection: 'column' }}>
      <Group justify="space-between" wrap="nowrap">
        <Group gap="sm" wrap="nowrap">
          <Mark />
          <Text fw={650} size="lg">
            {t('frame.title')}
          </Text>
        </Group>
        <Group gap={4} wrap="nowrap">
          <LanguageSwitch />
          <SchemeSwitch />
        </Group>
      </Group>
      <Center component="main" style={{ flex: 1 }} py="lg">
        <Paper className="kit-surface" p={{ base: 'md', xs: 'xl' }} w="100%" maw={width}>
          {children}
        </Paper>
      </Center>
    </Box>
  )
}
