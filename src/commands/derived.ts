/** How a connector is derived from a document that nobody declares for: the flags that `start`, `compile` and `doctor` share. */
import type { DeriveOptions } from '../connector/derive.ts'
import { StartError } from '../errors.ts'
import { documentLocation, documentName } from '../node/document.ts'
import { isBaseUrl } from '../settings.ts'
import { toolNames } from './tool-names.ts'

export const DERIVED_OPTIONS = {
  'base-url': { type: 'string' },
  'tool-names': { type: 'string' },
  discovery: { type: 'boolean' },
  'answers-as-is': { type: 'boolean' },
} as const

/** As each command's help has them, after that of `--base-url`, which is not the same for all. */
export const DERIVED_HELP = `  --tool-names FORM      underscore (pets_list, default) or dotted (pets.list), for every client
  --discovery            for an API of hundreds of GETs: three tools that find, describe and call the others
  --answers-as-is        hands answers on as they came: nothing is cut, and no tool takes fields, format or skip`

export interface DerivedFlags {
  'base-url'?: string | undefined
  'tool-names'?: string | undefined
  discovery?: boolean | undefined
  'answers-as-is'?: boolean | undefined
}

/** `source` is the document's path, `-` or URL. Throws StartError for a flag that cannot be used. */
export function deriveOptions(source: string, flags: DerivedFlags): DeriveOptions {
  const server = checkBase(flags['base-url'])
  const form = toolNames(flags['tool-names'])
  return {
    called: documentName(source),
    ...documentLocation(source),
    ...(server !== undefined && { server }),
    ...(form !== undefined && { toolNames: form }),
    discovery: flags.discovery ?? false,
    ...(flags['answers-as-is'] && { answers: false as const }),
  }
}

/** Throws StartError without the value, which may hold credentials. */
export function checkBase(url: string | undefined): string | undefined {
  if (url === undefined || isBaseUrl(url)) return url
  const fault = BASE_FAULTS.find(([, has]) => has(url))?.[0] ?? 'it is no URL: check the spelling'
  throw new StartError('--base-url cannot be used', [fault])
}

const BASE_FAULTS: [fault: string, has: (url: string) => boolean][] = [
  ['write it with its scheme, such as https://api.example.com/v1', (url) => !/^https?:\/\//i.test(url)],
  [
    'it holds a user or password: leave them out, and send them by --header-env Authorization=NAME',
    (url) => /^\w+:\/\/[^/?#]*@/.test(url),
  ],
  ['it has a query: leave out ? and what follows', (url) => url.includes('?')],
  ['it has a fragment: leave out # and what follows', (url) => url.includes('#')],
  ['it has a variable in braces: write its value there', (url) => /[{}]/.test(url)],
]
