/** The package's own name: what a vendor needs to declare, compile and mount a connector. */
export type { Access } from './access/access.ts'
export { createApp } from './app.ts'
export type { Catalog } from './connector/catalog.ts'
export { type CompileOptions, compile } from './connector/compile.ts'
export { type Declaration, defineConnector } from './connector/declaration.ts'
export { type Derived, type DeriveOptions, derive } from './connector/derive.ts'
export { flowpos } from './connectors/flowpos.ts'
export { flowtly } from './connectors/flowtly.ts'
export { parseDocument } from './document/parse.ts'
export { syncedIn } from './drift/lock.ts'
export { EgressError, StartError } from './errors.ts'
export {
  after,
  type GetOptions,
  type LogEntry,
  type OAuthPorts,
  type Ports,
  type ReplayGuard,
  type Reply,
  readReply,
} from './ports.ts'
export { readSettings, type Settings } from './settings.ts'
