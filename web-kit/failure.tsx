import { Alert, Button, List, type MantineSpacing } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { AskError } from './ask'

/** An error in words: what happened, and what to do next. The code's own words come first, then the program's sentence. */
export function Failure({ error, onRetry, my = 'sm' }: { error: unknown; onRetry?: () => void; my?: MantineSpacing }) {
  const { t, i18n } = useTranslation()
  const code = error instanceof AskError ? error.code : 'INTERNAL'
  const known = i18n.exists(`errors.${code}`) ? t(`errors.${code}`) : undefined
  const problems = error instanceof AskError ? error.problems : []
  return (
    <Alert
      role="alert"
      color="red"
      variant="light"
      icon={<IconAlertTriangle />}
      title={known ?? t('errors.title')}
      my={my}
    >
      {/* The program's own sentences name the place, for whoever is asked for help; they have one language. */}
      {problems.length > 1 ? (
        <List size="sm" lang="en">
          {problems.map((problem) => (
            <List.Item key={problem}>{problem}</List.Item>
          ))}
        </List>
      ) : (
        error instanceof AskError && <span lang="en">{error.reason}</span>
      )}
      {onRetry && (
        <Button mt="xs" size="xs" variant="light" color="red" onClick={onRetry}>
          {t('errors.retry')}
        </Button>
      )}
    </Alert>
  )
}
