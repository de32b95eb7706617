/** The API keys of the demonstration: each one opens the books of one organization. They guard nothing real. */

export const demoKeys = [
  { key: 'flowtly_demo_aurora', organization: 'Aurora Studio' },
  { key: 'flowtly_demo_borealis', organization: 'Borealis Trading' },
] as const

/** The organization that an Authorization header value speaks for (RFC 6750), or undefined when it speaks for none. */
export function organizationOf(authorization: string | undefined): string | undefined {
  const token = /^bearer +(\S+) *$/i.exec(authorization ?? '')?.[1]
  return demoKeys.find(({ key }) => key === token)?.organization
}
