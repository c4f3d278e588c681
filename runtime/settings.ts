import { readFileSync } from 'node:fs'
import { PlainError } from './plain-error'

/**
 * Reads settings from an environment and reports all mistakes together, each with what was expected. Secrets are read
 * with `secret`, and print as `***` wherever they end up.
 */
export class SettingsReader {
  readonly #mistakes: string[] = []

  constructor(readonly env: Readonly<Record<string, string | undefined>>) {}

  text(name: string, fallback: string, rule?: { pattern: RegExp; expected: string }): string {
    const value = this.env[name] || fallback
    if (rule && !rule.pattern.test(value)) this.mistake(name, rule.expected)
    return value
  }

  port(name: string, fallback: number): number {
    return this.whole(name, fallback, { least: 0, most: 65_535, expected: 'a port from 0 to 65535' })
  }

  whole(name: string, fallback: number, rule: { least: number; most: number; expected: string }): number {
    const raw = this.env[name]
    const value = raw ? Number(raw) : fallback
    if (!Number.isInteger(value) || value < rule.least || value > rule.most) this.mistake(name, rule.expected)
    return value
  }

  /** One of a few words. */
  choice<const T extends string>(name: string, fallback: T, choices: readonly T[]): T {
    const value = choices.find((choice) => choice === (this.env[name] || fallback))
    if (value === undefined) this.mistake(name, `one of ${choices.join(', ')}`)
    return value ?? fallback
  }

  url(name: string, rule: { accepts: (url: URL) => boolean; expected: string }): URL | undefined {
    const raw = this.env[name]
    if (!raw) return undefined
    const url = URL.canParse(raw) ? new URL(raw) : undefined
    if (url && rule.accepts(url)) return url
    this.mistake(name, rule.expected)
    return undefined
  }

  secret(name: string): Secret | undefined {
    const raw = this.env[name]
    return raw ? new Secret(raw) : undefined
  }

  mistake(name: string, expected: string): void {
    this.#mistakes.push(`${name} must be ${expected}`)
  }

  /** Throws SettingsError if anything was wrong; call it once everything has been read. */
  finish(): void {
    if (this.#mistakes.length > 0) throw new SettingsError(this.#mistakes)
  }
}

export class SettingsError extends PlainError {
  constructor(readonly mistakes: readonly string[]) {
    super(`The settings can not be used:\n${mistakes.map((mistake) => `  ${mistake}`).join('\n')}`)
  }
}

/** A value that must not be printed by accident: JSON, templates and the console all show `***`. */
export class Secret {
  readonly #value: string

  constructor(value: string) {
    this.#value = value
  }

  reveal(): string {
    return this.#value
  }

  toString(): string {
    return '***'
  }

  toJSON(): string {
    return '***'
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '***'
  }
}

/** Whether a host name means this machine alone. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127(\.[0-9]{1,3}){3}$/.test(host)
}

/** The version in package.json, wherever the build put the calling file. */
export function packageVersion(): string {
  for (const path of [`${__dirname}/../package.json`, `${__dirname}/../../package.json`]) {
    try {
      const parsed: unknown = JSON.parse(readFileSync(path, 'utf8'))
      if (typeof parsed === 'object' && parsed !== null && 'version' in parsed) return String(parsed.version)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    }
  }
  return 'unknown'
}
