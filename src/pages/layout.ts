/** What every page shares: the document around its content, and the headers that keep it to itself. */
import { type Html, html } from './html.ts'
import { STYLE, STYLE_DIGEST } from './style.ts'

/**
 * No script, image, font or frame, and no other site's frame around it: as headers, since in a `<meta>` element
 * `frame-ancestors` does nothing. Two that a page of this kind often has are left out on purpose:
 * - `form-action`: Chromium applies it to the redirects after the POST too, which lead to the identity provider and to
 *   the client, and then drops the answer without a word.
 * - `cross-origin-opener-policy`: clients in a browser open this page in a popup and await their `window.opener`, which
 *   that header takes away for good, whatever comes after this page.
 */
const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': `default-src 'none'; style-src '${STYLE_DIGEST}'; base-uri 'none'; frame-ancestors 'none'`,
  'x-frame-options': 'DENY',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  'x-robots-tag': 'noindex',
}

/** A whole document, whose content stands in its one `<main>`. */
export function page(status: number, title: string, main: Html): Response {
  const document = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>${title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<style>${STYLE}</style>
</head>
<body>
<main>${main}</main>
</body>
</html>
`
  return new Response(document.toString(), { status, headers: HEADERS })
}
