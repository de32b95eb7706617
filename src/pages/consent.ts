/** The consent page: who asks, where the answer goes, what will be read, and that nothing can be changed. */
import { type CredentialsView, credentialFields } from './credentials.ts'
import { type Html, html } from './html.ts'
import { page } from './layout.ts'
import { hostName, line, quotable } from './words.ts'

export interface ConsentView {
  /** What the upstream is called, such as `Flowtly`. */
  product: string
  /** `documentHost` only where the client's document lies on the https origin that the answer goes to. */
  client: { name?: string; kind: 'registered' | 'document' | 'unknown'; documentHost?: string }
  /** `host` as the URL parser writes it, with its port where it has one; of an app, its scheme or address. */
  redirect: { kind: 'https' | 'loopback' | 'app'; host: string }
  /** Each scope asked for, in plain words. */
  reads: string[]
  /** Host of the identity provider, where signing in happens next. */
  signInAt?: string
  /** Where the form posts to: `transaction`, `decision` (`approve` or `deny`), `remember` (`yes`) and `field_<name>`. */
  action: string
  transaction: string
  /** Whole days for which the browser may remember; 0 is less than one. */
  rememberDays?: number
  /** Days after which access ends by itself. */
  lastsDays?: number
  credentials?: CredentialsView
  language?: never
}

export function consentPage(view: ConsentView): Response {
  const product = line(view.product, 80)
  const name = quotable(view.client.name)
  const faulty = Boolean(view.credentials?.fault)
  const main = html`
${pair(name, product)}
<h1>${name === undefined ? 'An application that does not give its name' : html`\u201c<bdi>${name}</bdi>\u201d`}
asks to read ${product}</h1>
${destination(view, name)}
${readings(view.reads, product)}
${form(view, product)}
<p class="small">${next(view, product)} To end it later, remove ${product} from the application${
    view.credentials && html`, or withdraw the key in ${product}`
  }.${view.lastsDays !== undefined && html` It ends by itself after ${view.lastsDays} days.`}</p>`
  return page(200, `${faulty ? 'Not accepted: c' : 'C'}onnect to ${product}`, main)
}

/** Two initials and the way between them: decoration, whose words stand in the heading. */
function pair(name: string | undefined, product: string): Html {
  const initial = (word: string) => /[\p{L}\p{N}]/u.exec(word)?.[0].toUpperCase() ?? '?'
  return html`<div class="pair" aria-hidden="true"><span class="tile">${initial(name ?? '')}</span>
<span class="way"></span>
<span class="tile ours">${initial(product)}</span></div>`
}

const DESTINATIONS: Record<ConsentView['redirect']['kind'], { label: string; warning?: string }> = {
  https: { label: 'Access goes to' },
  loopback: {
    label: 'Access goes to a program on this computer',
    warning:
      'Any program on this computer could pose as this one. Allow only what you started yourself, just now.',
  },
  app: {
    label: 'Access goes to an app on this device',
    warning:
      'Another app on this device could pose as this one. Allow only what you started yourself, just now.',
  },
}

const UNREAD = 'Its registration could not be read, so nothing is known of it but this address.'

function destination({ client, redirect }: ConsentView, name: string | undefined): Html {
  const { label, warning } = DESTINATIONS[redirect.kind]
  const warnings = [client.kind === 'unknown' ? UNREAD : undefined, warning].filter(Boolean)
  return html`
<section class="to" aria-labelledby="to">
<h2 id="to">${label}</h2>
<p class="host"><bdi>${hostName(redirect.host)}</bdi></p>
${redirect.kind === 'https' && standing(client, redirect.host, name)}
</section>
${warnings.length > 0 && html`<p class="warning">${warnings.join(' ')}</p>`}`
}

/** What is known of a name: whose it is, or that anybody could have written it. An address on this device tells neither. */
function standing(client: ConsentView['client'], host: string, name: string | undefined): Html | undefined {
  if (client.kind === 'document' && client.documentHost === host) {
    return html`<p class="verified">Published by <bdi>${hostName(host)}</bdi></p>`
  }
  if (name === undefined) return undefined
  return html`<p class="help">The application chose its name itself. Allow it only if you know this address, and started this there yourself.</p>`
}

function readings(reads: readonly string[], product: string): Html {
  const words = reads.length > 0 ? reads : [`What you can see in ${product}`]
  return html`
<h2>It will be able to read</h2>
<ul class="reads">${words.map((each) => html`<li>${line(each, 200)}</li>`)}</ul>
<p class="only">Nothing can be written, changed or deleted through this connection.</p>`
}

/** Approving is the first button, so that Enter in a field means it; leaving needs no field filled in. */
function form({ action, transaction, credentials, rememberDays }: ConsentView, product: string): Html {
  return html`
<form method="post" action="${action}" autocomplete="off">
<input type="hidden" name="transaction" value="${transaction}">
${credentials && credentialFields(product, credentials)}
${rememberDays !== undefined && remember(rememberDays)}
<div class="choices">
<button type="submit" name="decision" value="approve">Allow reading</button>
<button type="submit" name="decision" value="deny" class="leave" formnovalidate>Cancel</button>
</div>
</form>`
}

function remember(days: number): Html {
  const span = days < 1 ? 'now' : days === 1 ? 'one day' : `${days} days`
  return html`<label class="check"><input type="checkbox" name="remember" value="yes"> <span>Do not ask again in this browser for ${span}</span></label>`
}

function next({ signInAt }: ConsentView, product: string): Html | undefined {
  if (signInAt === undefined) return undefined
  return html`If you allow it, you sign in to ${product} next, at <strong><bdi>${hostName(signInAt)}</bdi></strong>.`
}
