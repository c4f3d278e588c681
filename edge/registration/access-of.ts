import type { RegistrationAgent } from './registration-agent'

/** What a node shows the hub. Undefined before it is accepted. */
export function accessOf(agent: RegistrationAgent, hubUrl: string) {
  const credentials = agent.credentials()
  return credentials && { ...credentials, hubUrl }
}

/** What imports are signed with. Undefined before data access is granted. */
export function signerOf(agent: RegistrationAgent, hubUrl: string) {
  const nodeName = agent.credentials()?.nodeName
  const nodePassword = agent.nodePassword()
  const hubId = agent.configuration()?.hubId
  return nodeName && nodePassword && hubId ? { hubUrl, hubId, nodeName, nodePassword } : undefined
}
