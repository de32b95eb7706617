/** The GET on Node to an address that a stranger chose: https, and only where every address of its host is public (MCP, SSRF). */
import type { LookupAddress } from 'node:dns'
import { lookup, Resolver } from 'node:dns/promises'
import { BlockList, isIP, type LookupFunction } from 'node:net'
import { Client } from 'undici'
import { EgressError } from '../errors.ts'
import type { GetOptions, OAuthPorts, Reply } from '../ports.ts'
import type { Settings } from '../settings.ts'
import { send, toEgressError } from './get.ts'

/** All addresses of a host name. */
export type Resolve = (hostname: string, isPrivate: boolean) => Promise<LookupAddress[]>

/** Asks as every program of this machine does: the names of a private network are known to the system alone. */
export const resolveLocally: Resolve = (hostname) => lookup(hostname, { all: true })

const resolveAll: Resolve = (hostname, isPrivate) =>
  isPrivate ? resolveLocally(hostname, true) : query(hostname)

/**
 * Asks the name servers without the system's `lookup`, whose few threads also serve the upstream's name: strangers could
 * hold them all by names that are slow to resolve.
 */
async function query(hostname: string): Promise<LookupAddress[]> {
  const resolver = new Resolver({ timeout: 2000, tries: 2 })
  const [four, six] = await Promise.allSettled([resolver.resolve4(hostname), resolver.resolve6(hostname)])
  if (four.status === 'rejected' && six.status === 'rejected') throw four.reason
  const found = [four, six].map((each) => (each.status === 'fulfilled' ? each.value : []))
  return found.flatMap((addresses) => addresses.map((address) => ({ address, family: isIP(address) })))
}

/** Origins in `privateClientOrigins` are let through whatever their scheme, port and address. */
export function createGetPublic(
  settings: Pick<Settings, 'privateClientOrigins'> & Patience,
  resolve: Resolve = resolveAll,
): OAuthPorts['getPublic'] {
  return async (url, options) => {
    const isPrivate = settings.privateClientOrigins.includes(url.origin) && /^https?:$/.test(url.protocol)
    if (!isPrivate) checkUrl(url)
    return getAlone(url, options, settings, checkedLookup(resolve, isPrivate))
  }
}

type Patience = Pick<Settings, 'connectTimeout' | 'idleTimeout'>

/**
 * One GET over a connection of its own, whose one look-up is the one that is checked: there is no second that could answer
 * otherwise (DNS rebinding). A host that is an address is not looked up. Throws EgressError.
 */
export async function getAlone(
  url: URL,
  options: GetOptions,
  { connectTimeout, idleTimeout }: Patience,
  lookup: LookupFunction,
): Promise<Reply> {
  const client = new Client(url.origin, {
    connect: { timeout: connectTimeout * 1000, lookup },
    headersTimeout: idleTimeout * 1000,
    bodyTimeout: idleTimeout * 1000,
  })
  // Abort alone is heard only once there is a connection: not while a name server keeps silent.
  options.signal?.addEventListener('abort', () => void client.destroy(), { once: true })
  try {
    return await send(client, url, options)
  } catch (error) {
    throw toEgressError(error, options.signal)
  } finally {
    await client.destroy()
  }
}

/** A host that is an address would be connected to without a look-up, in whatever way it is written. */
function checkUrl({ protocol, port, hostname }: URL): void {
  if (protocol !== 'https:' || port !== '') throw new EgressError('refused', 'not https on port 443')
  if (isIP(hostname) !== 0 || hostname.startsWith('['))
    throw new EgressError('refused', 'an address in place of a host name')
}

/** False where the host is, or leads to, an address that is not public; one that cannot be resolved now is left to `checkedLookup`. */
export async function isPublicHost({ hostname }: URL, resolve: Resolve = resolveLocally): Promise<boolean> {
  const literal = hostname.replace(/^\[|\]$/g, '')
  if (isIP(literal) !== 0) return isPublicAddress(literal)
  const found = await resolve(hostname, false).catch(() => [])
  return found.every(({ address }) => isPublicAddress(address))
}

/** `resolve`, refusing what is not public unless `isPrivate`. */
export function checkedLookup(resolve: Resolve, isPrivate: boolean): LookupFunction {
  return (hostname, { all }, callback) => {
    resolve(hostname, isPrivate)
      .then((found) => checkAddresses(found, isPrivate))
      .then(
        (found) => (all ? callback(null, found) : callback(null, found[0]!.address, found[0]!.family)),
        (error: Error) => callback(error, '', 0),
      )
  }
}

/** One address that is not public refuses them all: which of them is connected to is not ours to choose. */
function checkAddresses(found: LookupAddress[], isPrivate: boolean): LookupAddress[] {
  if (found.length === 0) throw new EgressError('connect', 'the host has no address')
  if (isPrivate || found.every(({ address }) => isPublicAddress(address))) return found
  throw new EgressError('refused', 'the host resolves to an address that is not public')
}

/** Blocks that are not the public internet (IANA special-purpose registries), or where a cloud answers its own machines. */
// biome-ignore format: a block a pair
const SPECIAL_4: readonly (readonly [network: string, bits: number])[] = [
  ['0.0.0.0', 8], ['10.0.0.0', 8], ['100.64.0.0', 10], ['127.0.0.0', 8], ['169.254.0.0', 16], ['172.16.0.0', 12],
  ['192.0.0.0', 24], ['192.0.2.0', 24], ['192.31.196.0', 24], ['192.52.193.0', 24], ['192.88.99.0', 24], ['192.168.0.0', 16],
  ['192.175.48.0', 24], ['198.18.0.0', 15], ['198.51.100.0', 24], ['203.0.113.0', 24], ['224.0.0.0', 4], ['240.0.0.0', 4],
  ['168.63.129.16', 32],
]

/** The same within IPv6's global unicast: protocol assignments with Teredo, documentation, 6to4, AS112. */
const SPECIAL_6 = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['2620:4f:8000::', 48],
  ['3fff::', 20],
] as const

const special = new BlockList()
for (const [network, bits] of SPECIAL_4) special.addSubnet(network, bits, 'ipv4')
for (const [network, bits] of SPECIAL_6) special.addSubnet(network, bits, 'ipv6')
/** Global unicast: nothing of loopback, mapped or translated IPv4 (NAT64), unique local, link-local and multicast. */
const unicast = new BlockList()
unicast.addSubnet('2000::', 3, 'ipv6')

/** True for an address of the public internet; what is no address is not public. */
export function isPublicAddress(address: string): boolean {
  if (isIP(address) === 4) return !special.check(address, 'ipv4')
  const isPlain = isIP(address) === 6 && !/[%.]/.test(address)
  return isPlain && unicast.check(address, 'ipv6') && !special.check(address, 'ipv6')
}
