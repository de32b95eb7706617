/** Refuses a form of another site, a browser without cookies, and a browser that did not begin the sign-in. */
import { START_AGAIN } from './answers.ts'
import type { Authority } from './authority.ts'
import { checkBrowser } from './browser.ts'
import { PageError } from './errors.ts'

/**
 * Another site's form is refused. Two things hold besides, should a browser tell nothing of where it comes from: the cookie
 * is SameSite=Lax, and the transaction in the form is of this cookie alone.
 */
export function checkSameOrigin({ issuer }: Authority, { headers }: Request): void {
  const site = headers.get('sec-fetch-site') ?? 'same-origin'
  // `Referrer-Policy: no-referrer` makes browsers send `Origin: null` with our own form; the site then tells.
  const origin = headers.get('origin') ?? 'null'
  if (site === 'same-origin' && (origin === 'null' || origin === issuer)) return
  throw new PageError(
    403,
    'This answer came from another site',
    'It was not sent from the page that asked you.',
    [START_AGAIN],
  )
}

/** The form is only good in the browser that it was shown in. */
export async function checkFormBrowser(
  request: Request,
  { secure }: Authority,
  browser: string,
): Promise<void> {
  const found = await checkBrowser(request, secure, browser)
  if (found === 'none') throw noCookie()
  if (found === 'other') throw anotherBrowser()
}

/** Only the browser that was sent to the provider may come back; one that has no cookie of ours never left. */
export async function checkReturningBrowser(
  request: Request,
  { secure }: Authority,
  browser: string,
): Promise<void> {
  if ((await checkBrowser(request, secure, browser)) !== 'kept') throw anotherBrowser()
}

function noCookie(): PageError {
  return new PageError(
    403,
    'Your browser did not keep a cookie',
    'Signing in needs one cookie, to know your browser again.',
    [
      'Allow cookies for this site, or open the address in a normal window of your browser (not a private or embedded one).',
      'Then go back to the application that sent you here, and connect again.',
    ],
  )
}

function anotherBrowser(): PageError {
  return new PageError(403, 'Another browser began this sign-in', 'It can only be finished where it began.', [
    'If somebody sent you this address, close the page: it would connect their application to your account, or yours to theirs.',
    'If you began yourself, go back to the application and connect again.',
  ])
}
