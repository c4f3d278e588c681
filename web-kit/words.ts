import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'

export const LANGUAGES = { id: 'Bahasa Indonesia', en: 'English' } as const
export type Language = keyof typeof LANGUAGES

const KEPT_AS = 'lontar-language'

/** Words by their keys, in groups: `{ patients: { title: 'Patients' } }`. */
export type Words = { readonly [key: string]: string | Words }

/** What was chosen on this computer, else what the browser speaks, else Indonesian. */
export function languageHere(): Language {
  const kept = localStorage.getItem(KEPT_AS) ?? navigator.language.slice(0, 2)
  return kept === 'en' ? 'en' : 'id'
}

export async function startWords(words: Readonly<Record<Language, Words>>): Promise<void> {
  const lng = languageHere()
  document.documentElement.lang = lng
  await i18next.use(initReactI18next).init({
    lng,
    fallbackLng: 'en',
    resources: Object.fromEntries(Object.entries(words).map(([language, translation]) => [language, { translation }])),
    // React escapes what it shows.
    interpolation: { escapeValue: false },
  })
}

export function speak(language: Language): void {
  localStorage.setItem(KEPT_AS, language)
  document.documentElement.lang = language
  void i18next.changeLanguage(language)
}
