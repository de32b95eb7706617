/** Refusals: thrown by whoever finds the fault, answered as problem details (RFC 9457). */

const titles = {
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  422: 'Unprocessable Content',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
} as const

export type ProblemStatus = keyof typeof titles

/** A refusal with the headers it needs, and for 422 the parameter at fault. */
export class Problem extends Error {
  readonly status: ProblemStatus
  readonly headers: Record<string, string>
  readonly parameter: string | undefined
  constructor(
    status: ProblemStatus,
    detail: string,
    headers: Record<string, string> = {},
    parameter?: string,
  ) {
    super(detail)
    this.status = status
    this.headers = { 'content-type': 'application/problem+json', ...headers }
    this.parameter = parameter
  }

  /** The body that the refusal is answered with. */
  get body(): string {
    const { status, message, parameter } = this
    const detail = parameter === undefined ? message : `${parameter} ${message}`
    const errors = parameter === undefined ? undefined : [{ parameter, detail: message }]
    return JSON.stringify({ type: 'about:blank', title: titles[status], status, detail, errors })
  }
}

/** A query parameter whose value is not allowed; `detail` goes on from its name: "must be ...". */
export function unprocessable(parameter: string, detail: string): Problem {
  return new Problem(422, detail, {}, parameter)
}
