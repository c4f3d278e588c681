/**
 * Where an answer is of another shape than its example: other members, other types, another number of items, other words. What
 * has a digit, is long and without a space, or is an address may be another one: an id, a time, a secret, where the hub is.
 *
 * @param isAbridged the answer may have more than the example
 */
export function otherThan(example: unknown, answer: unknown, isAbridged: boolean, at = ''): string[] {
  if (
    typeof example !== typeof answer ||
    isList(example) !== isList(answer) ||
    (example === null) !== (answer === null)
  ) {
    return [`${at}: ${JSON.stringify(answer)} instead of ${JSON.stringify(example)}`]
  }
  if (isList(example) && isList(answer)) {
    const count = isAbridged || example.length === answer.length ? [] : [`${at} has ${answer.length} items`]
    return [...count, ...example.flatMap((one, index) => otherThan(one, answer[index], isAbridged, `${at}/${index}`))]
  }
  if (isObject(example) && isObject(answer)) {
    const more = Object.keys(answer).filter((name) => !isAbridged && !(name in example))
    return [
      ...more.map((name) => `${at}/${name} is not in the example`),
      ...Object.entries(example).flatMap(([name, part]) =>
        name in answer ? otherThan(part, answer[name], isAbridged, `${at}/${name}`) : [`${at}/${name} is not there`],
      ),
    ]
  }
  return isMade(example) || example === answer ? [] : [`${at}: ${answer} instead of ${example}`]
}

/** The same for text: a table of the same head and length, or each line somewhere, whatever number is at its end. */
export function otherTextThan(example: string, answer: string, isAbridged: boolean): string[] {
  const [shown, there] = [example.trimEnd().split('\n'), answer.trimEnd().split('\n')]
  if (!isAbridged)
    return shown[0] === there[0] && shown.length === there.length ? [] : [`${answer} instead of ${example}`]
  const lines = new Set(there.map(withoutNumber))
  return shown.filter((line) => !lines.has(withoutNumber(line))).map((line) => `there is no ${line}`)
}

function withoutNumber(line: string): string {
  return line.replace(/ [\d.e+-]+$/, '')
}

function isMade(value: unknown): boolean {
  return typeof value === 'string' && (/\d|^https?:\/\//.test(value) || (value.length > 30 && !value.includes(' ')))
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value)
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
