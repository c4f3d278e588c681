import '@mantine/core/styles.css'
import './kit.css'
import { MantineProvider } from '@mantine/core'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { type ReactNode, StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { AskError } from './ask'
import { errorWords } from './error-words'
import { frameWords } from './frame-words'
import { theme } from './theme'
import { type Bilingual, startWords, type Words } from './words'

const MOST_TRIES = 2

/** Shows an app in `#root`, in the language and the colours of this computer. */
export async function startApp(app: ReactNode, words: Readonly<Record<string, Bilingual<Words>>>): Promise<void> {
  await startWords({ frame: frameWords, errors: errorWords, ...words })
  const queries = new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        // What was refused is refused again; what did not answer may.
        retry: (count, error) =>
          count < MOST_TRIES && !(error instanceof AskError && error.status < 500 && error.status > 0),
      },
    },
  })
  const root = document.getElementById('root')
  if (!root) throw new Error('the page has no #root')
  createRoot(root).render(
    <StrictMode>
      <MantineProvider theme={theme} defaultColorScheme="auto">
        <QueryClientProvider client={queries}>{app}</QueryClientProvider>
      </MantineProvider>
    </StrictMode>,
  )
}
