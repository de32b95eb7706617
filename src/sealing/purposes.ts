/** What is sealed and for whom: one row a purpose, so that nothing made for one door opens another. */

/** Registrations live for years; everything else rotates with the session secrets. */
export type Lineage = 'registration' | 'session'

export type Purpose =
  | 'client'
  | 'secret'
  | 'consent'
  | 'state'
  | 'code'
  | 'access'
  | 'refresh'
  | 'memory'
  | 'answer'

export interface PurposeRow {
  lineage: Lineage
  /**
   * `signed`: JWS with HS256, readable, shortest. `direct`: JWE `dir`. `wrapped`: JWE with A256KW, a fresh content key
   * each time, for what a stranger can have made without end (the nonces of one `dir` key are a budget of 2^32).
   */
  form: 'signed' | 'direct' | 'wrapped'
  /** Value of `typ` in the protected header. */
  typ: string
  /** Most characters of the sealed value; a longer one is not looked at. */
  longest: number
}

// biome-ignore format: one purpose a line
export const purposes: Record<Purpose, PurposeRow> = {
  /** A `client_id` of dynamic registration: the registration itself (RFC 7591). */
  client: { lineage: 'registration', form: 'signed', typ: 'client', longest: 1536 },
  /** Client secrets, derived from a `client_id`: a key alone, nothing is sealed under it. */
  secret: { lineage: 'registration', form: 'signed', typ: 'secret', longest: 1536 },
  /** The hidden field of the consent page. */
  consent: { lineage: 'session', form: 'wrapped', typ: 'consent', longest: 8192 },
  /** `state` toward the identity provider. */
  state: { lineage: 'session', form: 'wrapped', typ: 'state', longest: 8192 },
  /** Our authorization code. */
  code: { lineage: 'session', form: 'direct', typ: 'code', longest: 32_768 },
  access: { lineage: 'session', form: 'direct', typ: 'access', longest: 16_384 },
  refresh: { lineage: 'session', form: 'direct', typ: 'refresh', longest: 32_768 },
  /** The cookie of remembered consents. */
  memory: { lineage: 'session', form: 'direct', typ: 'memory', longest: 4096 },
  /** A token answer kept for those who ask for it at the same time. */
  answer: { lineage: 'session', form: 'direct', typ: 'answer', longest: 65_536 },
}
