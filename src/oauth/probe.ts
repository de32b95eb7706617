/** Probes a real identity provider: whether codes are for one use, refresh tokens rotate, and how long its values are. */
import { OAuthError } from './errors.ts'
import type { Provider } from './idp.ts'
import { redeem, refresh, revoke, type Tokens } from './idp-calls.ts'

export interface Finding {
  what: string
  found: string
  /** False where it needs another setting, which `advice` names. */
  good: boolean
  advice?: string
}

/** A sign-in that came back: its code and the verifier that goes with it. */
export interface Returned {
  code: string
  verifier: string
}

/** Redeems the first code twice, and lives through the second sign-in to its end. Throws OAuthError where a sign-in fails. */
export async function probe(
  provider: Provider,
  scopes: string[],
  first: Returned,
  second: () => Promise<Returned>,
): Promise<Finding[]> {
  const tokens = await redeem(provider, first.code, first.verifier)
  const again = await isTaken(() => redeem(provider, first.code, first.verifier))
  const findings = [singleUse(again), size('code', first.code), size('access token', tokens.access)]
  const { code, verifier } = await second()
  const live = await redeem(provider, code, verifier)
  return [...findings, ...(await probeRefresh(provider, scopes, live)), await probeRevocation(provider, live)]
}

/** True where the provider takes it; false on its definite no. Throws OAuthError for anything else. */
async function isTaken(run: () => Promise<unknown>): Promise<boolean> {
  try {
    await run()
    return true
  } catch (error) {
    if (error instanceof OAuthError && error.code === 'invalid_grant') return false
    throw error
  }
}

function singleUse(taken: boolean): Finding {
  const what = 'a code is for one use'
  if (!taken) return { what, found: 'yes: the second redemption was refused', good: true }
  const advice = 'set LECTERN_EXCHANGE=callback, so that our own replay guard keeps codes single'
  return { what, found: 'NO: a code was redeemed twice', good: false, advice }
}

function size(what: string, value: string): Finding {
  return { what: `characters of the ${what}`, found: String(value.length), good: true }
}

async function probeRefresh(
  provider: Provider,
  scopes: string[],
  { refresh: token }: Tokens,
): Promise<Finding[]> {
  const what = 'a refresh token is issued'
  if (token === undefined) {
    const advice =
      'set LECTERN_IDP_SCOPES with offline_access, or LECTERN_IDP_PARAMETERS as the provider wants it'
    return [{ what, found: 'no: people sign in again when the access token ends', good: false, advice }]
  }
  const next = await refresh(provider, token, scopes)
  const rotates = next.refresh !== undefined && next.refresh !== token
  const reused = await isTaken(() => refresh(provider, token, scopes))
  return [
    { what, found: 'yes', good: true },
    size('refresh token', token),
    { what: 'refresh tokens rotate', found: rotates ? 'yes' : 'no', good: true },
    {
      what: 'a refresh token is for one use',
      found: reused ? 'no: the old one still works, as it does for whoever stole it' : 'yes',
      good: true,
    },
  ]
}

async function probeRevocation(provider: Provider, { access }: Tokens): Promise<Finding> {
  const done = await revoke(provider, access, 'access_token')
  return {
    what: 'tokens can be revoked',
    found: done ? 'yes' : 'no: the provider has no revocation endpoint',
    good: true,
  }
}

/** The findings as lines. */
export function findingTable(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ what }) => what.length))
  return findings
    .flatMap(({ what, found, advice }) => [
      `${what.padEnd(width)}  ${found}`,
      ...(advice ? [`  -> ${advice}`] : []),
    ])
    .join('\n')
}
