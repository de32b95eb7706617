/** The connector that this package brings along, compiled from its document on disk. */
import { readFileSync } from 'node:fs'
import type { Catalog } from '../connector/catalog.ts'
import { compile } from '../connector/compile.ts'
import { flowtly } from '../connectors/flowtly.ts'

export function loadFlowtly(): Catalog {
  const file = new URL('../../openapi/flowtly.json', import.meta.url)
  return compile(flowtly, JSON.parse(readFileSync(file, 'utf8')))
}
