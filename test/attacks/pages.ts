/** What the attacks expect of a page: that it leads nowhere, is framed by nobody, and keeps to itself. */
import { expect } from 'vitest'
import type { Step } from '../person.ts'

/** A page for the person: no redirect, no code, and the headers of every page. */
export function expectPage({ response, page }: Step, status: number): void {
  expect(response.status, page.slice(0, 300)).toBe(status)
  expect(response.headers.get('location')).toBeNull()
  expect(response.headers.get('content-type')).toMatch(/^text\/html/)
  expect(page).toContain('<main>')
  expectUnframed(response)
  expectPrivate(response)
}

/** As headers: in a `<meta>` element neither does anything. */
export function expectUnframed({ headers }: Response): void {
  expect(headers.get('content-security-policy')).toMatch(/(^|;)\s*frame-ancestors 'none'\s*(;|$)/)
  expect(headers.get('x-frame-options')).toBe('DENY')
}

/** Nothing of it is kept by a cache, nor its address told to the next page. */
export function expectPrivate({ headers }: Response, what?: string): void {
  expect(headers.get('cache-control'), what).toBe('no-store')
  expect(headers.get('referrer-policy'), what).toBe('no-referrer')
}

/** True for the page that asks. */
export const asks = ({ response, page }: Step): boolean =>
  response.status === 200 && page.includes('name="transaction"') && page.includes('value="approve"')

/** The same request with some parameters replaced; undefined takes one away. */
export function withParameters(url: string, changed: Record<string, string | undefined>): string {
  const made = new URL(url)
  for (const [name, value] of Object.entries(changed)) {
    if (value === undefined) made.searchParams.delete(name)
    else made.searchParams.set(name, value)
  }
  return made.href
}
