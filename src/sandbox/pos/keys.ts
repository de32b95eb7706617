/** What opens the demonstration tenants: fixed keys, each with the scopes that it holds. They guard nothing real. */

export const SCOPES = ['pos:read', 'reports:read', 'pos:intents'] as const

export type Scope = (typeof SCOPES)[number]

export const posKeys: readonly { key: string; tenant: string; scopes: readonly Scope[] }[] = [
  { key: 'fp_mcp_demo_cedar', tenant: 'tnt_cedar', scopes: SCOPES },
  { key: 'fp_mcp_demo_delta', tenant: 'tnt_delta', scopes: SCOPES },
  { key: 'fp_mcp_demo_cedar_read', tenant: 'tnt_cedar', scopes: ['pos:read'] },
]
