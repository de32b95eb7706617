/** The connector of the point of sale, compiled from its document on disk, and running in front of the sandbox. */
import { readFileSync } from 'node:fs'
import type { Catalog } from '../src/connector/catalog.ts'
import { compile } from '../src/connector/compile.ts'
import { flowpos } from '../src/connectors/flowpos.ts'
import { startConnector } from './connector.ts'

export const CEDAR = 'fp_mcp_demo_cedar'
export const DELTA = 'fp_mcp_demo_delta'
/** Of the first tenant, for records alone. */
export const CEDAR_READ = 'fp_mcp_demo_cedar_read'

export const posDocument = JSON.parse(
  readFileSync(new URL('../openapi/flowpos.json', import.meta.url), 'utf8'),
)

export function loadFlowpos(): Catalog {
  return compile(flowpos, posDocument)
}

/** Calls come with the first tenant's key unless they bring another. */
export function startFlowpos(env: Record<string, string> = {}) {
  return startConnector(env, loadFlowpos(), { key: CEDAR, api: 'pos' })
}
