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

/** For the form: a browser without any cookie of ours keeps none. */
export async function checkCookies(request: Request, { secure }: Authority, browser: string): Promise<void> {
  if ((await checkBrowser(request, secure, browser)) !== 'none') return
  throw new PageError(
    403,
    'Your browser did not keep a cookie',
    'Signing in needs one cookie, to know your browser again.',
    [
      'Allow cookies for this site, or open the address in a normal window of your browser (not a private or embedded one).',
      'Then go back to the application that sent you here, and connect again.',
    ],
  )
}

/** Only the browser that was asked may answer, and only it may come back from the provider. */
export async function checkSameBrowser(
  request: Request,
  { secure }: Authority,
  browser: string,
): Promise<void> {
  if ((await checkBrowser(request, secure, browser)) === 'kept') return
  throw new PageError(403, 'Another browser began this sign-in', 'It can only be finished where it began.', [
    'If somebody sent you this address, close the page: it would connect their application to your account, or yours to theirs.',
    'If you began yourself, go back to the application and connect again.',
  ])
}
