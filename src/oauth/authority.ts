/** What the endpoints of the authorization server share, and the values that walk from one to the next. */
import type { ClientAuth, OAuthAccess } from '../access/access.ts'
import type { Credential } from '../access/credential.ts'
import type { Namespaces } from '../access/parts.ts'
import type { LogEntry, OAuthPorts, Ports } from '../ports.ts'
import type { KeyRing } from '../sealing/ring.ts'
import type { Settings } from '../settings.ts'
import type { Provider } from './idp.ts'

export interface Authority {
  /** A bare origin without trailing slash: `issuer` of every document, `iss` of every answer. */
  issuer: string
  /** False for a loopback origin over http: no `Secure` cookies there. */
  secure: boolean
  /** What pages call the upstream, such as `Flowtly`. */
  title: string
  access: OAuthAccess
  /** Each scope and what it lets people read, in plain words. */
  scopes: Record<string, string>
  /** Of what parts are made, each of which is a resource of its own. */
  namespaces: Namespaces
  ring: KeyRing
  settings: Settings
  ports: Ports & OAuthPorts
  /** Where people sign in; undefined for a sign-in with credentials. */
  provider: Provider | undefined
  /** Asks the upstream whether it takes these credentials: one GET, and 2xx is a yes. */
  prove(credential: Credential): Promise<Proof>
}

/** `no`: the upstream refused them (401, 403). `unclear`: it did not answer so that one could tell. */
export type Proof = 'yes' | 'no' | 'unclear'

/** One request at an endpoint, and the line of the access log that it fills in. */
export interface Exchange {
  request: Request
  entry: LogEntry
}

/** Throws OAuthError or PageError. */
export type Endpoint = (authority: Authority, exchange: Exchange) => Promise<Response>

/** A client as it presents itself. Nothing in it is proven but that a document was read from its own URL. */
export interface Client {
  /** `client_id`: a signed registration, or the https URL of a metadata document. */
  id: string
  /** One line of at most 80 characters, without control or direction marks; absent where none was given. */
  name?: string
  redirects: readonly string[]
  authentication: ClientAuth
  /** Where the keys of a `private_key_jwt` client are. */
  jwksUri?: string
  /** `registered` (RFC 7591), `document` (client metadata document), or `unknown`: let in unread, on loopback only. */
  kind: 'registered' | 'document' | 'unknown'
  /** Why it was let in unread; for the log. */
  unread?: string
}

/** What was asked and is approved: carried sealed from the consent page to the state, the code and the tokens. */
export interface Asked {
  /** Digest of `client_id`, 22 characters. */
  client: string
  authentication: ClientAuth
  jwksUri?: string
  redirect: string
  /** The client's own `state`. */
  state?: string
  /** `code_challenge` (S256). */
  challenge: string
  /** Path of the resource, such as `/mcp` or `/n/invoices/mcp`. */
  resource: string
  scopes: string[]
  /** True for a client that refuses dots in tool names. */
  dotless?: true
  /** True for ChatGPT, which answers from `search` and `fetch`. */
  knowledge?: true
}

/** What the consent form carries sealed: the request as it was shown, for whom, and in which browser. */
export interface Transaction {
  asked: Asked
  /** The client as the page named it. */
  shown: Pick<Client, 'name' | 'kind'> & { documentHost?: string }
  /** Digest of the browser's cookie. */
  browser: string
}
