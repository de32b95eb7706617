/** What went wrong upstream, as facts a model can act on: the status, the upstream's own words, what to do next. */
import type { EgressError, Failure } from '../errors.ts'
import type { Reply } from '../ports.ts'
import { problemText } from './problem.ts'

/** What one call may take. */
export interface Limits {
  /** Seconds for the whole call. */
  deadline: number
  retries: number
  maxRedirects: number
  maxResponseBytes: number
}

/** What is known of a call under way; the access log takes its numbers from here. */
export interface Facts {
  title: string
  limits: Limits
  /** What to do about a status, in place of the general words. */
  hints?: Readonly<Record<number, string>>
  tries: number
  /** Seconds since 1970. */
  started: number
  status?: number
  /** What the runtime says of a lost reply; for the log alone. */
  cause?: string
}

/** What to do about a status; a family stands for those not named. */
const HINTS: Record<string, string> = {
  400: 'Correct the arguments as the message says and call again.',
  401: 'The credential was refused: sign in again, or check the API key.',
  403: 'This credential may not read it: ask for access, or use another account.',
  404: 'Nothing has this id: list the records first and take the id from there.',
  410: 'It is gone for good: list the records to see what there is.',
  422: 'Correct the arguments as the message says and call again.',
  429: 'The API limits how often it may be called: wait, then call again.',
  '4xx': 'Correct the arguments and call again.',
  '5xx': 'The API has trouble of its own: try again later.',
}
const LATER = 'Try again later; if it goes on, tell the operator of this connector.'

export const failures = {
  status(
    reply: Reply,
    { title, tries, hints = {} }: Facts,
    now: number,
    secrets: readonly string[] = [],
  ): Failure {
    const { status } = reply
    const words = problemText(reply, secrets)
    const retryAfter = readRetryAfter(reply.header('retry-after'), now)
    const hint = hints[status] ?? HINTS[status] ?? HINTS[`${Math.floor(status / 100)}xx`] ?? LATER
    const wait = retryAfter === undefined ? '' : ` It asks to be called again in ${retryAfter} s.`
    const tried = tries > 1 ? ` after ${tries} tries` : ''
    const message = `${title} answered ${status}${tried}${words === '' ? '' : `: ${words}`}`
    return {
      code: 'upstream_status',
      status,
      message,
      hint: hint + wait,
      ...(retryAfter !== undefined && { retryAfter }),
    }
  },

  redirect(reply: Reply, { title, limits }: Facts, sameOrigin: boolean): Failure {
    const message = sameOrigin
      ? `${title} redirected more than ${limits.maxRedirects} times`
      : `${title} redirected to another host, which is not followed`
    return { code: 'upstream_redirect', status: reply.status, message, hint: LATER }
  },

  egress(error: EgressError, { title, limits, tries }: Facts, signal: AbortSignal): Failure {
    if (signal.aborted && signal.reason === 'caller') {
      return { code: 'cancelled', message: 'The caller went away.', hint: 'Call again.' }
    }
    if (signal.aborted || error.code === 'idle') {
      const message = signal.aborted
        ? `${title} did not answer within ${limits.deadline} s`
        : `${title} fell silent before its answer was complete`
      return {
        code: 'upstream_timeout',
        message,
        hint: 'Ask for less, such as a shorter date range or a smaller page.',
      }
    }
    if (error.code === 'too_large') return failures.tooLarge({ title, limits })
    if (error.code === 'encoding') {
      return {
        code: 'upstream_not_json',
        message: `${title} answered with a body that cannot be decoded`,
        hint: LATER,
      }
    }
    const what = error.code === 'connect' ? 'could not be reached' : 'broke the connection off'
    const tried = tries > 1 ? ` in ${tries} tries` : ''
    return { code: 'upstream_unreachable', message: `${title} ${what}${tried}`, hint: LATER }
  },

  tooLarge({ title, limits }: Pick<Facts, 'title' | 'limits'>): Failure {
    const message = `${title} answered more than ${limits.maxResponseBytes} bytes`
    return { code: 'upstream_too_large', message, hint: 'Ask for less: a smaller page, or more filters.' }
  },

  notJson(fault: string, { title, status }: Facts): Failure {
    const message = `${title} answered ${status} with JSON that is broken: ${fault}`
    return { code: 'upstream_not_json', message, hint: LATER, ...(status !== undefined && { status }) }
  },

  mediaType(type: string, { title, status }: Facts): Failure {
    const message = `${title} answered ${status} with ${type}, which this tool cannot hand on`
    return { code: 'upstream_media_type', message, hint: LATER, ...(status !== undefined && { status }) }
  },

  binaryTooLarge(bytes: number, maxBytes: number, { title }: Facts): Failure {
    const message = `${title} answered a file of ${bytes} bytes; at most ${maxBytes} are handed on`
    return { code: 'upstream_too_large', message, hint: 'Open it in the application itself.' }
  },
}

/** Seconds (RFC 9110, 10.2.3); an HTTP date counts from `now`. */
function readRetryAfter(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined
  const seconds = /^\d{1,9}$/.test(value.trim()) ? Number(value) : Math.ceil(Date.parse(value) / 1000 - now)
  return Number.isFinite(seconds) && seconds >= 0 ? seconds : undefined
}
