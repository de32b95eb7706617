/** The page of a sign-in that cannot go on: what is wrong, what to do, and what to tell the operator. */
import { html } from './html.ts'
import { page } from './layout.ts'
import { line } from './words.ts'

export interface ProblemView {
  /** HTTP status. */
  status: number
  title: string
  message: string
  /** What the person can do, a sentence each. */
  hints?: readonly string[]
  /** Finds the request in the operator's log. */
  reference: string
  /** A way back; left out where its address could run or open something here. */
  back?: { label: string; url: string }
}

export function problemPage(view: ProblemView): Response {
  const title = line(view.title, 120)
  const hints = (view.hints ?? []).map((hint) => html`<li>${line(hint, 500)}</li>`)
  const href = view.back && safeAddress(view.back.url)
  const main = html`
<div class="mark" aria-hidden="true">!</div>
<h1>${title}</h1>
<p class="lead">${line(view.message, 1000)}</p>
${hints.length > 0 && html`<h2>What you can do</h2><ul class="steps">${hints}</ul>`}
${href && html`<p class="choices"><a class="button" href="${href}">${line(view.back?.label ?? '', 80)}</a></p>`}
<p class="small">If you ask for help, give this reference: <code>${line(view.reference, 120)}</code></p>`
  return page(view.status, title, main)
}

/** Schemes that run, show or open what somebody wrote, rather than lead to an application. */
const UNSAFE =
  /^(javascript|data|vbscript|file|blob|filesystem|intent|about|view-source|shell|search-ms|ms-[\w.+-]+):$/

/** The address as the URL parser reads it, as a browser would; undefined where it is none or not safe to follow. */
function safeAddress(address: string): string | undefined {
  if (address.length > 2048 || !URL.canParse(address)) return undefined
  const { protocol, username, password, href } = new URL(address)
  return UNSAFE.test(protocol) || username !== '' || password !== '' ? undefined : href
}
