/** The connector that this package brings along, compiled from its document on disk. */
import { existsSync, readFileSync } from 'node:fs'
import { relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Catalog } from '../connector/catalog.ts'
import { compile } from '../connector/compile.ts'
import { flowtly } from '../connectors/flowtly.ts'
import { readLock } from '../drift/lock.ts'

/** As a person in the checkout would write it. */
function beside(file: string): string {
  const path = fileURLToPath(new URL(`../../${file}`, import.meta.url))
  const short = relative(process.cwd(), path)
  return short.startsWith('..') ? path : short
}

export const FLOWTLY_DOCUMENT = beside('openapi/flowtly.json')
export const FLOWTLY_LOCK = beside('connector.lock.json')

/** True where this package is a dependency of another, whose next install would write it anew. */
export const IS_INSTALLED = fileURLToPath(import.meta.url)
  .split(sep)
  .includes('node_modules')

export function loadFlowtly(): Catalog {
  const lock = existsSync(FLOWTLY_LOCK) ? readLock(readFileSync(FLOWTLY_LOCK, 'utf8'), FLOWTLY_LOCK) : {}
  const synced = lock[flowtly.name]?.synced
  return compile(flowtly, JSON.parse(readFileSync(FLOWTLY_DOCUMENT, 'utf8')), { synced })
}
