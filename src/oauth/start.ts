/** The authorization server at start: what must be set, with every fault named at once, and what its endpoints share. */
import type { Access, OAuthAccess, ProviderSignIn } from '../access/access.ts'
import type { Catalog } from '../connector/catalog.ts'
import { namespacesOf } from '../connector/part.ts'
import { StartError } from '../errors.ts'
import type { Ports } from '../ports.ts'
import { randomBytes } from '../sealing/random.ts'
import { createKeyRing, type Secrets } from '../sealing/ring.ts'
import { isLoopbackUrl, type Settings } from '../settings.ts'
import type { Authority } from './authority.ts'
import { exchangeMode } from './callback.ts'
import { createProvider, importKey } from './idp.ts'
import { createProof } from './prove.ts'
import { reachable } from './reachable.ts'
import { redirectFault } from './redirect.ts'

/** True where neither the declaration nor the settings name a provider, and keys open the connector without sign-in. */
export function isSignInOff(access: Access, settings: Settings): boolean {
  if (access.type !== 'oauth' || access.apiKey === undefined || access.signIn.type !== 'oauth') return false
  return settings.idpClientId === undefined && settings.idpIssuer === undefined
}

/** Throws StartError naming every fault. */
export function createAuthority(catalog: Catalog, settings: Settings, ports: Ports): Authority {
  const { access, title, scopes } = catalog
  const { publicUrl: issuer } = settings
  if (access.type !== 'oauth') throw new TypeError('the connector declares no sign-in')
  const faults = [
    ...originFaults(issuer),
    ...secretFaults(issuer, settings),
    ...replayFaults(access, settings, ports),
  ]
  if (access.signIn.type === 'oauth') faults.push(...providerFaults(access.signIn, settings))
  for (const scheme of settings.redirectSchemes) {
    const fault = redirectFault(`${scheme}://callback`, [scheme])
    if (fault !== undefined) faults.push(`LECTERN_REDIRECT_SCHEMES: ${scheme}:// ${fault}`)
  }
  if (ports.oauth === undefined) faults.push('the runtime brings no `oauth` ports')
  if (faults.length > 0) throw new StartError('Sign-in is not set up', faults)
  const all = { ...ports, ...ports.oauth!, replay: reachable(ports.oauth!.replay) }
  const { signIn } = access
  return {
    issuer: issuer!,
    secure: issuer!.startsWith('https:'),
    title,
    access,
    scopes,
    namespaces: namespacesOf(catalog),
    ring: createKeyRing(issuer!, secretsOf(settings, ports)),
    settings,
    ports: all,
    provider:
      signIn.type === 'oauth'
        ? createProvider({ signIn, callback: `${issuer}/callback`, settings, ports: all })
        : undefined,
    prove: createProof(catalog, access, settings, ports),
  }
}

function originFaults(issuer: string | undefined): string[] {
  if (issuer === undefined)
    return ['LECTERN_PUBLIC_URL is missing: the https origin under which people reach this server']
  const url = new URL(issuer)
  return url.protocol === 'https:' || isLoopbackUrl(url)
    ? []
    : ['LECTERN_PUBLIC_URL must be https, or on loopback']
}

function secretFaults(issuer: string | undefined, settings: Settings): string[] {
  // Alone on loopback, a process may make some up.
  const alone = settings.replicas === 1 && issuer !== undefined && isLoopbackUrl(new URL(issuer))
  if (issuer === undefined || alone) return []
  const rows = [
    ['LECTERN_SESSION_SECRETS', settings.sessionSecrets],
    ['LECTERN_REGISTRATION_SECRETS', settings.registrationSecrets],
  ] as const
  return rows
    .filter(([, secrets]) => secrets.length === 0)
    .map(([name]) => `${name} is missing: \`openssl rand -base64 32\` makes one, the same for every replica`)
}

/** What carries a grant inside is used once only where all processes see what was used. */
function replayFaults(access: OAuthAccess, settings: Settings, { oauth }: Ports): string[] {
  const mode = access.signIn.type === 'credentials' ? 'credentials' : exchangeMode({ access, settings })
  if (mode === 'token' || settings.replicas === 1 || oauth?.replay.shared) return []
  return [
    `${mode} over ${settings.replicas} processes needs a replay guard that they share: LECTERN_REPLAY_DIR, or the Durable Object binding REPLAY`,
  ]
}

function providerFaults(signIn: ProviderSignIn, settings: Settings): string[] {
  const faults: string[] = []
  if (settings.idpIssuer === undefined && signIn.issuer === undefined && signIn.endpoints === undefined) {
    faults.push('LECTERN_IDP_ISSUER is missing: the identity provider')
  }
  if (settings.idpClientId === undefined)
    faults.push('LECTERN_IDP_CLIENT_ID is missing: our client id at the provider')
  if (settings.idpClientSecret !== undefined && settings.idpPrivateKey !== undefined) {
    faults.push('LECTERN_IDP_CLIENT_SECRET and LECTERN_IDP_PRIVATE_KEY are both set: one of them proves us')
  }
  return faults
}

/** Whether the key that proves us can be used at all takes an attempt. Throws StartError. */
export async function checkPrivateKey({ idpPrivateKey }: Settings): Promise<void> {
  await importKey(idpPrivateKey).catch(() => {
    throw new StartError('Sign-in is not set up', ['LECTERN_IDP_PRIVATE_KEY is not a private key as a JWK'])
  })
}

/** In development a secret of this process stands in, and says so: after a restart everybody signs in again. */
function secretsOf({ sessionSecrets, registrationSecrets }: Settings, ports: Ports): Secrets {
  const missing = sessionSecrets.length === 0 || registrationSecrets.length === 0
  if (missing) {
    const warning =
      'LECTERN_SESSION_SECRETS and LECTERN_REGISTRATION_SECRETS are not both set: sign-ins end with this process'
    ports.log({ time: new Date(ports.now() * 1000).toISOString(), warning })
  }
  const or = (secrets: Uint8Array[]) => (secrets.length > 0 ? secrets : [randomBytes(32)])
  return { session: or(sessionSecrets), registration: or(registrationSecrets) }
}
