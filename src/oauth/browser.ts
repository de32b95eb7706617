/**
 * Binds a sign-in to one browser: a random cookie, whose digest the consent form and the state carry sealed. Each render
 * without a cookie sets one under a name of its own, so that a page fetched twice at once leaves two forms that both work.
 */
import { digest, isSame, randomToken } from '../sealing/random.ts'

export interface Binding {
  /** Digest of the cookie's value. */
  browser: string
  /** `Set-Cookie` of a browser that has none yet. */
  cookie: string | undefined
}

/** Takes the browser's cookie, or makes one. `secure` is false for a loopback origin, where `__Host-` cannot be. */
export async function bindBrowser(request: Request, secure: boolean): Promise<Binding> {
  const [known] = values(request, secure)
  if (known !== undefined) return { browser: await digest(known), cookie: undefined }
  const value = randomToken()
  return {
    browser: await digest(value),
    cookie: setCookie(`${prefix(secure)}${randomToken(4)}`, value, secure),
  }
}

/** `kept`: this is the browser of the binding. `none`: it keeps no cookies. `other`: it is another one. */
export async function checkBrowser(
  request: Request,
  secure: boolean,
  browser: string,
): Promise<'kept' | 'none' | 'other'> {
  const given = values(request, secure)
  if (given.length === 0) return 'none'
  const digests = await Promise.all(given.map((value) => digest(value)))
  return digests.some((each) => isSame(each, browser)) ? 'kept' : 'other'
}

/** Lax: the provider's redirect to the callback is a cross-site GET, and must bring it. `maxAge` in seconds. */
export function setCookie(name: string, value: string, secure: boolean, maxAge?: number): string {
  const age = maxAge === undefined ? '' : `; Max-Age=${maxAge}`
  return `${name}=${value}; Path=/; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}${age}`
}

/** Cookies of a request by name; the first of a name counts. */
export function readCookies(request: Request): Map<string, string> {
  const pairs = (request.headers.get('cookie') ?? '').split(/; */).map((pair) => pair.split(/=(.*)/s))
  return new Map(
    pairs.reverse().map(([name = '', value = '']) => [name.replace(/^[ \t]+|[ \t]+$/g, ''), value]),
  )
}

/** Most cookies looked at: a browser keeps few, and each costs a digest. */
const MOST = 20

function values(request: Request, secure: boolean): string[] {
  const own = new RegExp(`^${prefix(secure)}[\\w-]{6}$`)
  return [...readCookies(request)]
    .filter(([name, value]) => own.test(name) && /^[\w-]{43}$/.test(value))
    .map(([, value]) => value)
    .slice(0, MOST)
}

function prefix(secure: boolean): string {
  return secure ? '__Host-lectern-' : 'lectern-'
}
