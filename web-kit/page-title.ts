import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'

/** Names the window for what is on it (WCAG 2.4.2). Never for whom: that would stay in the browser's history. */
export function usePageTitle(page: string | undefined): void {
  const { t } = useTranslation()
  const title = [page, t('frame.title')].filter(Boolean).join(' · ')
  useEffect(() => {
    document.title = title
  }, [title])
}
