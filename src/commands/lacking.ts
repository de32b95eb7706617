/** What a document may lack to be served, and what to do about it: in words that `compile` and `start` share. */
import { isIP } from 'node:net'
import type { Derived } from '../connector/derive.ts'
import { relativeServer } from '../document/servers.ts'
import type { JsonObject } from '../json.ts'
import { isPublicAddress } from '../node/public.ts'
import { visible } from '../tools/invisible.ts'

const LONGEST_SERVER = 300

/** Why the document does not say where its API is, and what does. */
export function withoutServer(document: JsonObject): string {
  const relative = relativeServer(document)
  if (relative === undefined)
    return 'it names no server: give the base URL with --base-url, such as --base-url https://api.example.com/v1'
  const whole = new URL(relative, 'https://api.example.com').href
  return `its server ${visible(relative, LONGEST_SERVER)} is relative, and nothing says to what: give the whole with --base-url, such as --base-url ${forShell(whole)}`
}

/** Why nothing can become a tool of a document that has no GET. */
export function withoutGets({ others }: Pick<Derived, 'others'>): string {
  const rest = others === 1 ? '1 other operation is not a GET' : `${others} other operations are not GETs`
  return `it has no GET operation: nothing can become a tool${others === 0 ? '' : ` (${rest})`}`
}

/** True where a start would refuse to ask the server that the document names, as far as its text tells. */
export function isPrivateServer(server: string): boolean {
  if (!URL.canParse(server)) return false
  const host = new URL(server).hostname.replace(/^\[|\]$/g, '')
  return isIP(host) === 0 ? /(^|\.)localhost$/.test(host) : !isPublicAddress(host)
}

/** What to do where the server that the document names is the right one. */
export function trusted(server: string): string {
  return `add --base-url ${forShell(server)} where that is right`
}

/** People paste what they are told to add, and a document could name a server whose URL a shell would run. */
function forShell(url: string): string {
  return /^[\w:/.~%@[\]-]+$/.test(url) ? url : `'${url.replaceAll("'", '%27')}'`
}
