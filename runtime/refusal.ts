/** What a failed request is answered with; `fault` and `lack` are logged and never sent. */
export interface Refusal {
  status: number
  body: unknown
  headers?: Readonly<Record<string, string>>
  contentType?: string
  /** Set where the failure is ours and not the caller's: it is logged as an error. */
  fault?: unknown
  /** Under which it is logged. */
  faultId?: string
  /** What this program needs and did not get, such as its database: logged as a warning, for the caller tries again. */
  lack?: unknown
}
