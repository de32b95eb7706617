/** The package's own name: what a vendor needs to declare, compile and mount a connector. */
export { createApp } from './app.ts'
export type { Catalog } from './connector/catalog.ts'
export { compile } from './connector/compile.ts'
export { type Declaration, defineConnector } from './connector/declaration.ts'
export { flowtly } from './connectors/flowtly.ts'
export { EgressError, StartError } from './errors.ts'
export type { Ports } from './ports.ts'
export { readSettings, type Settings } from './settings.ts'
