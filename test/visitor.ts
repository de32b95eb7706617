/** A person's browser without a window: it keeps cookies, follows redirects and presses buttons, one page at a time. */

/** Where the visitor stands: on a page, or before an address that it was told not to open. */
export interface Place {
  url: string
  /** Absent where the visitor stopped before it. */
  response?: Response
  html: string
}

export interface Visitor {
  /** Opens an address and follows redirects, to a page or to the first address that starts with `stopBefore`. */
  open(url: string | URL, stopBefore?: string): Promise<Place>
  /** Sends the page's form by its button `name=value`, with the form's hidden fields. */
  press(page: Place, name: string, value: string, stopBefore?: string): Promise<Place>
  readonly cookies: Cookie[]
}

interface Cookie {
  name: string
  value: string
  host: string
  path: string
}

const mostRedirects = 10

export function createVisitor(): Visitor {
  const cookies: Cookie[] = []

  async function go(start: string, stopBefore: string | undefined, form?: URLSearchParams): Promise<Place> {
    let url = start
    let body = form
    for (let step = 0; step <= mostRedirects; step++) {
      if (stopBefore !== undefined && url.startsWith(stopBefore)) return { url, html: '' }
      const headers = { cookie: cookiesFor(cookies, new URL(url)), accept: 'text/html' }
      const init: RequestInit = { redirect: 'manual', headers, ...(body && { method: 'POST', body }) }
      const response = await fetch(url, init)
      for (const line of response.headers.getSetCookie()) keep(cookies, new URL(url), line)
      const location = response.headers.get('location')
      if (response.status < 300 || response.status > 399 || location === null)
        return { url, response, html: await response.text() }
      url = new URL(location, url).href
      body = undefined
    }
    throw new Error(`more than ${mostRedirects} redirects from ${start}`)
  }

  return {
    cookies,
    open: (url, stopBefore) => go(String(url), stopBefore),
    press(page, name, value, stopBefore) {
      const action = /<form\b[^>]*\baction="([^"]*)"/.exec(page.html)?.[1] ?? page.url
      const hidden = [...page.html.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)]
      const form = new URLSearchParams(hidden.map(([, field, text]): [string, string] => [field!, text!]))
      form.set(name, value)
      return go(new URL(action, page.url).href, stopBefore, form)
    },
  }
}

/** Ports do not tell cookies apart (RFC 6265, 8.5), paths do. */
function cookiesFor(cookies: Cookie[], { hostname, pathname }: URL): string {
  const fits = ({ host, path }: Cookie) =>
    host === hostname && (pathname === path || pathname.startsWith(path.endsWith('/') ? path : `${path}/`))
  return cookies
    .filter(fits)
    .map(({ name, value }) => `${name}=${value}`)
    .join('; ')
}

function keep(cookies: Cookie[], { hostname: host, pathname }: URL, line: string): void {
  const [pair = '', ...attributes] = line.split(/; */)
  const [name = '', value = ''] = pair.split(/=(.*)/s)
  const attribute = (wanted: string) =>
    attributes.find((each) => each.toLowerCase().startsWith(`${wanted}=`))?.slice(wanted.length + 1)
  const path = attribute('path') ?? (pathname.replace(/\/[^/]*$/, '') || '/')
  const at = cookies.findIndex((each) => each.name === name && each.host === host && each.path === path)
  if (at >= 0) cookies.splice(at, 1)
  const expires = attribute('expires')
  const gone = attribute('max-age') === '0' || (expires !== undefined && Date.parse(expires) <= Date.now())
  if (!gone) cookies.push({ name, value, host, path })
}
