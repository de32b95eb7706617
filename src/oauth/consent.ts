/** Consent, on every authorization request and before the provider: the page, and `POST /consent` (MCP, confused deputy). */
import type { CredentialSignIn } from '../access/access.ts'
import { type ConsentView, consentPage } from '../pages/consent.ts'
import { redirectError, START_AGAIN } from './answers.ts'
import type { Asked, Authority, Client, Exchange, Transaction } from './authority.ts'
import { bindBrowser } from './browser.ts'
import { OAuthError, PageError } from './errors.ts'
import { readForm } from './form.ts'
import { isRemembered, offersMemory, remember } from './memory.ts'
import { redirectHost, redirectKind } from './redirect.ts'
import { checkFormBrowser, checkSameOrigin } from './same-browser.ts'
import { openAs, sealAs } from './session.ts'
import { type Mistake, signIn, signInHost } from './sign-in.ts'

const DAY = 86_400

/** Shows the page, unless this browser remembers this very consent. */
export async function askConsent(
  authority: Authority,
  exchange: Exchange,
  client: Client,
  asked: Asked,
): Promise<Response> {
  const { request } = exchange
  const { browser, cookie } = await bindBrowser(request, authority.secure)
  const transaction: Transaction = { asked, shown: shownOf(client, asked), browser }
  const remembered = await isRemembered(authority, request, transaction)
  const begun = remembered ? await signIn(authority, transaction, new URLSearchParams()) : undefined
  const answer = begun instanceof Response ? begun : await renderConsent(authority, transaction)
  if (cookie !== undefined) answer.headers.append('set-cookie', cookie)
  return answer
}

/** The page with its transaction, and what was wrong with the credentials that were just sent. */
async function renderConsent(
  authority: Authority,
  transaction: Transaction,
  mistake?: Mistake,
): Promise<Response> {
  const { settings, title, scopes, access } = authority
  const { asked, shown } = transaction
  const signInAt = await signInHost(authority)
  const { documentHost, ...client } = shown
  const view: ConsentView = {
    product: title,
    client: { ...client, ...(documentHost !== undefined && { documentHost }) },
    redirect: { kind: redirectKind(asked.redirect), host: redirectHost(asked.redirect) },
    reads: asked.scopes.map((scope) => scopes[scope] ?? scope),
    ...(signInAt !== undefined && { signInAt }),
    ...(settings.refreshTtl >= 2 * DAY && { lastsDays: Math.floor(settings.refreshTtl / DAY) }),
    action: '/consent',
    transaction: await sealAs(authority, 'consent', transaction, settings.signInTtl),
    ...(offersMemory(authority, transaction) && {
      rememberDays: Math.floor(settings.consentMemory / DAY),
    }),
    ...(access.signIn.type === 'credentials' && { credentials: credentialsView(access.signIn, mistake) }),
  }
  return consentPage(view)
}

/** `POST /consent`: what the person decided. */
export async function consent(authority: Authority, exchange: Exchange): Promise<Response> {
  const { request } = exchange
  checkSameOrigin(authority, request)
  const form = await readForm(request, authority.settings.maxFormBytes)
  const transaction = await openTransaction(authority, form.get('transaction') ?? '')
  await checkFormBrowser(request, authority, transaction.browser)
  exchange.entry.client = transaction.asked.client.slice(0, 8)
  if (form.get('decision') !== 'approve') {
    return redirectError(
      authority,
      transaction.asked,
      new OAuthError('access_denied', 'The person declined'),
      exchange,
    )
  }
  const answer = await decide(authority, exchange, transaction, form)
  if (form.get('remember') === 'yes' && offersMemory(authority, transaction)) {
    answer.headers.append('set-cookie', await remember(authority, request, transaction))
  }
  return answer
}

/** An error of the provider goes back to the client; a mistake in the credentials is shown beside them. */
async function decide(
  authority: Authority,
  exchange: Exchange,
  transaction: Transaction,
  form: URLSearchParams,
): Promise<Response> {
  try {
    const begun = await signIn(authority, transaction, form)
    return begun instanceof Response ? begun : await renderConsent(authority, transaction, begun)
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error
    return redirectError(authority, transaction.asked, error, exchange)
  }
}

function credentialsView({ help, fields }: CredentialSignIn, mistake: Mistake | undefined) {
  const views = Object.entries(fields).map(([name, { title, help: words, secret = true }]) => {
    const value = mistake?.values[name]
    return {
      name,
      title,
      secret,
      ...(words !== undefined && { help: words }),
      ...(value !== undefined && { value }),
    }
  })
  return { fields: views, ...(help !== undefined && { help }), ...(mistake && { fault: mistake.fault }) }
}

async function openTransaction(authority: Authority, sealed: string): Promise<Transaction> {
  const transaction = await openAs(authority, 'consent', sealed)
  if (transaction !== undefined) return transaction
  throw new PageError(
    400,
    'This page is too old',
    'It was open for longer than it may be, or was not made here.',
    [START_AGAIN],
  )
}

/** "Published by": only where the document's own host is also where the answer goes. */
function shownOf({ id, kind, name }: Client, { redirect }: Asked): Transaction['shown'] {
  const documentHost = kind === 'document' ? new URL(id) : undefined
  const own = redirectKind(redirect) === 'https' && documentHost?.origin === new URL(redirect).origin
  return { kind, ...(name !== undefined && { name }), ...(own && { documentHost: documentHost!.host }) }
}
