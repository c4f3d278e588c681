/** Screens at one place: a hospital has dozens. */
const MOST_LISTENERS = 64
/** Of one person or system; a browser needs one for all of its windows. */
const MOST_OF_ONE = 8

/** Whether one more may listen to a stream, of whoever has this name. */
export function isRoomFor(name: string, listening: Iterable<{ readonly name: string }>): boolean {
  const names = Array.from(listening, (one) => one.name)
  return names.length < MOST_LISTENERS && names.filter((one) => one === name).length < MOST_OF_ONE
}
