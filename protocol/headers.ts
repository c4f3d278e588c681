/** Header names of our own contract, in the letters they have on the wire; Node gives received ones in lower case. */
export const PURPOSE_OF_USE = 'Purpose-Of-Use'
export const REASON = 'Reason'
export const SIGNATURE = 'Signature'
export const SIGNATURE_INPUT = 'Signature-Input'
/** The paper's own import scheme. */
export const NODE_NAME = 'Node-Name'
export const NODE_SIGNATURE = 'Node-Signature'
/** Of a push: which life of which edge sends it. */
export const SESSION = 'Lontar-Session'
/** Of a webhook: that it comes from this hub, and when. */
export const ALERT_SIGNATURE = 'Lontar-Signature'
/** With the question for the configuration: how the edge fares (protocol/node-report.ts). */
export const REPORT = 'Lontar-Report'
