/** The protocol revisions that are served, in two eras: handshake (legacy) and per-request metadata (modern). */

export const MODERN = ['2026-07-28'] as const
export const LEGACY = ['2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05'] as const

/** Answered to an `initialize` that names a revision we do not know (2025-11-25, lifecycle). */
export const LATEST_LEGACY = LEGACY[0]
/** What a request without version header is taken for (2025-06-18, transports). */
export const ASSUMED = '2025-03-26'

export type Era = 'legacy' | 'modern'

/** Revisions are ISO dates, so they compare as text; anything else belongs to no era. */
export function isModern(version: string | null): boolean {
  return version !== null && /^\d{4}-\d\d-\d\d/.test(version) && version >= MODERN[0]
}

export function isServed(version: string, served: readonly string[]): boolean {
  return served.includes(version)
}
