import type { VerifyStatus } from '../../schemas/generated/types'

const LOOK_MS = 500

/** Asks for a verification and waits for its end; `show` is told whenever there is something new. */
export async function followVerification(
  ask: <T>(path: string, body?: object) => Promise<T>,
  start: { newKey?: boolean },
  show: (status: VerifyStatus) => void,
): Promise<VerifyStatus> {
  const before = await ask<VerifyStatus>('/verify')
  let status = await ask<VerifyStatus>('/verify', start)
  while (status.state !== 'resting' || status.last?.finishedAt === before.last?.finishedAt) {
    show(status)
    await new Promise((resume) => setTimeout(resume, LOOK_MS))
    status = await ask<VerifyStatus>('/verify')
  }
  return status
}
