/** Coded errors: what can go wrong on the way to the upstream, and the faults that stop a start. */

/** Why an upstream GET brought no reply; a runtime maps its own errors to these. */
export type EgressCode = 'connect' | 'closed' | 'idle' | 'too_large' | 'encoding' | 'aborted' | 'refused'

/** Thrown by `ports.get` only. The message is for the log, never for the caller. */
export class EgressError extends Error {
  readonly code: EgressCode
  constructor(code: EgressCode, message: string) {
    super(message)
    this.name = 'EgressError'
    this.code = code
  }
}

/** Thrown at start, with every fault found and not only the first. */
export class StartError extends Error {
  readonly subject: string
  readonly faults: readonly string[]
  constructor(subject: string, faults: readonly string[]) {
    super(`${subject}:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`)
    this.name = 'StartError'
    this.subject = subject
    this.faults = faults
  }
}

/** What a failed tool call is called on the wire; closed, so that clients may switch over it. */
export type FailureCode =
  | 'invalid_arguments'
  | 'upstream_status'
  | 'upstream_timeout'
  | 'upstream_unreachable'
  | 'upstream_too_large'
  | 'upstream_redirect'
  | 'upstream_not_json'
  | 'upstream_media_type'
  | 'cancelled'

/** A tool call that reached no usable answer: the facts for the model, and what to do next. */
export interface Failure {
  code: FailureCode
  message: string
  hint: string
  /** HTTP status of the upstream, when it gave one. */
  status?: number
  /** Seconds after which the upstream asks to be called again. */
  retryAfter?: number
}
