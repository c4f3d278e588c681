import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import type { Bilingual, Words } from './bilingual'

export type { Bilingual, Words } from './bilingual'

export const LANGUAGES = { id: 'Bahasa Indonesia', en: 'English' } as const
export type Language = keyof typeof LANGUAGES

const KEPT_AS = 'lontar-language'

/** What was chosen on this computer, else what the browser speaks, else Indonesian. */
export function languageHere(): Language {
  const kept = localStorage.getItem(KEPT_AS) ?? navigator.language.slice(0, 2)
  return kept === 'en' ? 'en' : 'id'
}

/** @param words  each feature's, under the name that begins its keys */
export async function startWords(words: Readonly<Record<string, Bilingual<Words>>>): Promise<void> {
  const lng = languageHere()
  document.documentElement.lang = lng
  await i18next.use(initReactI18next).init({
    lng,
    fallbackLng: 'en',
    resources: { en: { translation: of('en', words) }, id: { translation: of('id', words) } },
    // React escapes what it shows.
    interpolation: { escapeValue: false },
  })
}

function of(language: Language, words: Readonly<Record<string, Bilingual<Words>>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(words).map(([name, feature]) => [name, feature[language]]))
}

export function speak(language: Language): void {
  localStorage.setItem(KEPT_AS, language)
  document.documentElement.lang = language
  void i18next.changeLanguage(language)
}
