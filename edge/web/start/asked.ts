import type { SetupRequest } from '../../../schemas/generated/types'

/** What is typed into the pages of the first start. */
export interface Asked {
  readonly facilityName: string
  readonly externalId: string
  readonly hubUrl: string
  readonly fullName: string
  readonly name: string
  readonly password: string
}

/** Which of it stands on which page. */
export const STEPS: readonly (readonly (keyof Asked)[])[] = [
  ['facilityName', 'externalId'],
  ['hubUrl'],
  ['fullName', 'name', 'password'],
]

const LEAST_CHARACTERS = 10

/** What can't be right; the edge looks at the rest, such as a password that is easily guessed. */
export function mistakesIn(asked: Asked): Readonly<Record<keyof Asked, boolean>> {
  const { facility, hubUrl, admin } = requestOf(asked)
  return {
    facilityName: facility.name === '',
    externalId: !/^[A-Z0-9]{2,12}$/.test(facility.externalId),
    hubUrl: !/^(https:\/\/[^/]+|http:\/\/(localhost|127\.0\.0\.1)(:\d+)?(\/|$))/.test(hubUrl),
    fullName: admin.fullName === '',
    name: !isPersonName(admin.name),
    password: [...asked.password].length < LEAST_CHARACTERS,
  }
}

export function isPersonName(name: string): boolean {
  return /^[a-z][a-z0-9._-]{1,31}$/.test(name)
}

/** As people type it: with spaces around, a hub without https, a name that begins with a capital. */
export function requestOf({ facilityName, externalId, hubUrl, fullName, name, password }: Asked): SetupRequest {
  const url = hubUrl.trim()
  return {
    facility: { externalId: externalId.trim().toUpperCase(), name: facilityName.trim() },
    hubUrl: url === '' || /^https?:\/\//.test(url) ? url : `https://${url}`,
    admin: { name: name.trim().toLowerCase(), fullName: fullName.trim(), password },
  }
}
