/** Words by their keys, in groups: `{ patients: { title: 'Patients' } }`. */
export type Words = { readonly [key: string]: string | Words }

/** Of English; Indonesian has one form for any number, so what is named `_one` is missing there. */
type SameKeys<T> = {
  readonly [K in keyof T as K extends `${string}_one` ? never : K]: T[K] extends string ? string : SameKeys<T[K]>
}

/** A feature's words in both languages, side by side: a key that one lacks does not compile. */
export interface Bilingual<T> {
  readonly en: T
  readonly id: SameKeys<T>
}
