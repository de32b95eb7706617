/** `--declaration FILE`: a declaration as JSON, or a module that exports one. */
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Declaration } from '../connector/declaration.ts'
import { StartError } from '../errors.ts'
import { isObject } from '../json.ts'
import { visible } from '../tools/invisible.ts'

const LONGEST_NAME = 300

/** Its shape is checked when it is compiled, with all that is wrong. Throws StartError where nothing could be read. */
export async function readDeclaration(file: string): Promise<Declaration> {
  const name = visible(file, LONGEST_NAME)
  const refuse = (fault: string) => new StartError(`${name} cannot be read as a declaration`, [fault])
  const found = /\.json$/i.test(file) ? await readJson(file, refuse) : await importModule(file, refuse)
  if (!isObject(found)) throw refuse('it is not an object')
  return found as unknown as Declaration
}

type Refuse = (fault: string) => StartError

async function readJson(file: string, refuse: Refuse): Promise<unknown> {
  const json = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw refuse(fileFault(error))
  })
  try {
    return JSON.parse(json.replace(/^\uFEFF/, ''))
  } catch (error) {
    throw refuse(`it is not JSON: ${(error as Error).message}`)
  }
}

function fileFault({ code = '', message }: NodeJS.ErrnoException): string {
  return code === 'ENOENT' ? 'there is no such file' : message
}

/** A module is run, as `node FILE` would run it. */
async function importModule(file: string, refuse: Refuse): Promise<unknown> {
  const url = pathToFileURL(resolve(file)).href
  const exported = await import(url).catch((error: NodeJS.ErrnoException) => {
    throw refuse(moduleFault(error, url))
  })
  if (exported.default !== undefined) return exported.default
  const declarations = Object.entries(exported).filter(([, value]) => isDeclaration(value))
  if (declarations.length === 1) return declarations[0]![1]
  throw refuse(
    declarations.length === 0
      ? 'it exports no declaration: write export default defineConnector({…})'
      : `it exports ${declarations.map(([name]) => name).join(' and ')}: make one of them the default`,
  )
}

/** As far as it takes to tell it from what else a module exports. */
function isDeclaration(value: unknown): boolean {
  return isObject(value) && isObject(value.namespaces) && typeof value.name === 'string'
}

function moduleFault({ code, message, url }: NodeJS.ErrnoException & { url?: string }, own: string): string {
  if (code === 'ERR_MODULE_NOT_FOUND' && url === own) return 'there is no such file'
  if (code === 'ERR_UNKNOWN_FILE_EXTENSION')
    return /\.[cm]?ts$/.test(own)
      ? `Node ${process.versions.node} reads no TypeScript: compile it to JavaScript, or use Node 22.18 or later`
      : 'it is neither .json nor a JavaScript module (.js, .mjs, .ts)'
  return `it cannot be run: ${message.split('\n')[0]}`
}
