/** What an OAuth endpoint refuses: an error of the RFCs for a client, or a page for the person before it. */

/** Codes of RFC 6749 (4.1.2.1, 5.2), RFC 7591 (3.2.2), RFC 8707 (2) and RFC 6750, with their statuses at our endpoints. */
export const STATUSES = {
  invalid_request: 400,
  invalid_client: 401,
  invalid_grant: 400,
  unsupported_grant_type: 400,
  unsupported_response_type: 400,
  invalid_target: 400,
  consent_required: 400,
  invalid_redirect_uri: 400,
  invalid_client_metadata: 400,
  access_denied: 403,
  server_error: 500,
  temporarily_unavailable: 503,
} as const

export type OAuthCode = keyof typeof STATUSES

/** Thrown to leave an endpoint whose caller is a client; `detail` is for the log only. */
export class OAuthError extends Error {
  readonly code: OAuthCode
  readonly detail: string | undefined
  /** Seconds after which it is worth asking again. */
  readonly retryAfter: number | undefined
  constructor(code: OAuthCode, description: string, detail?: string, retryAfter?: number) {
    super(description)
    this.name = 'OAuthError'
    this.code = code
    this.detail = detail
    this.retryAfter = retryAfter
  }
}

/** Thrown to leave an endpoint that a person looks at: what is wrong, and what to do. `detail` is for the log only. */
export class PageError extends Error {
  readonly status: 400 | 403 | 405
  readonly title: string
  readonly hints: readonly string[]
  readonly detail: string | undefined
  /** Where a link leads back to the client with its answer. */
  back: string | undefined
  constructor(
    status: 400 | 403 | 405,
    title: string,
    message: string,
    hints: readonly string[] = [],
    detail?: string,
  ) {
    super(message)
    this.name = 'PageError'
    this.status = status
    this.title = title
    this.hints = hints
    this.detail = detail
  }

  withBack(back: string): this {
    this.back = back
    return this
  }
}
