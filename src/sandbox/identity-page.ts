/** The pages of the sandbox's identity provider: who signs in, and why it cannot go on. No script, no foreign resource. */
import { createHash } from 'node:crypto'
import { people } from './people.ts'

const style = `
:root { color-scheme: light dark; --ground: #f3f4f6; --card: #fff; --ink: #1b1f27; --soft: #464c58; --line: #b9bfca; --mark: #1b46bd }
@media (prefers-color-scheme: dark) {
  :root { --ground: #12151b; --card: #1d222b; --ink: #eceef2; --soft: #a9b1bf; --line: #4b5466; --mark: #9db1ff }
}
* { box-sizing: border-box }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1rem; background: var(--ground); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif }
main { width: 100%; max-width: 26rem; padding: 2rem; background: var(--card); border: 1px solid var(--line); border-radius: 12px }
h1 { margin: .25rem 0 .5rem; font-size: 1.5rem; line-height: 1.25 }
p { margin: 0; color: var(--soft) }
.place { color: var(--mark); font-weight: 600; font-size: .875rem }
form { display: grid; gap: .75rem; margin-top: 1.5rem }
button { width: 100%; min-height: 3rem; padding: .75rem 1rem; text-align: left; font: inherit; color: var(--ink); background: none; border: 1px solid var(--line); border-radius: 8px; cursor: pointer }
button:hover { border-color: var(--mark) }
button:focus-visible { outline: 3px solid var(--mark); outline-offset: 2px }
button strong, button span { display: block }
button span { color: var(--soft); font-size: .875rem }
button.plain { border-color: transparent; text-align: center; color: var(--soft) }
`

/**
 * Headers of both pages. There is no `form-action`: Chromium holds the whole chain of redirects after the form against
 * it, and that chain leads to addresses which only the client knows.
 */
export const pageHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; base-uri 'none'; frame-ancestors 'none'`,
  'x-frame-options': 'DENY',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
} as const

/** One button a person, and one to turn back. The form is sent to the page's own address. */
export function signInPage(): string {
  const buttons = people.map(
    ({ id, name, organization }) =>
      `<button name="person" value="${id}"><strong>${name}</strong> <span>${organization.name}</span></button>`,
  )
  return page(
    'Who is signing in?',
    `<p>This is the sandbox’s own identity provider. The people and organizations are made up, and no password is needed.</p>
<form method="post" aria-label="Choose who is signing in">
${buttons.join('\n')}
<button name="person" value="" class="plain">Cancel</button>
</form>`,
  )
}

/** `reason` is text from anywhere. */
export function errorPage(reason: string): string {
  return page(
    'Signing in cannot go on',
    `<p>${escaped(reason)}.</p>\n<p>Go back to the app that sent you here, and start again from there.</p>`,
  )
}

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} – Flowtly sandbox</title>
<style>${style}</style>
</head>
<body>
<main>
<p class="place">Flowtly sandbox · demonstration sign-in</p>
<h1>${title}</h1>
${body}
</main>
</body>
</html>
`
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`)
}
