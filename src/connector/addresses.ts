/** How a URI under an allowed prefix spells a tool: its namespace, the values of its path, and further words. */
import type { Tool } from '../tools/tool.ts'
import { overlap } from '../tools/uri-template.ts'
import type { Declaration } from './declaration.ts'

/** `path` is a template without scheme, such as `counterparties/{counterpartyId}/invoices`, and `tool` the one that reads it. */
export interface Address {
  path: string
  tool: Tool
}

/** The paths that tools have of their own come before those that lead from a record of one namespace to rows of another. */
export function addressesOf(tools: readonly Tool[]): Address[] {
  return [...tools.map((tool) => ({ path: ownPath(tool), tool })), ...crossings(tools)]
}

/** Namespace and values of the path; what neither lists nor gets is told by its action: `contracts/{contractId}/lines`. */
export function ownPath(tool: Tool): string {
  const action = actionOf(tool)
  const ending = action === 'list' || action === 'get' ? [] : [action]
  return [tool.namespace, ...placesOf(tool).map((argument) => `{${argument}}`), ...ending].join('/')
}

/** A record, then a namespace whose list takes the record's id as an argument of the same name. */
function crossings(tools: readonly Tool[]): Address[] {
  const lists = tools.filter((tool) => actionOf(tool) === 'list' && placesOf(tool).length === 0)
  return tools.flatMap((record) => {
    const [id, ...others] = placesOf(record)
    if (actionOf(record) !== 'get' || id === undefined || others.length > 0) return []
    return lists
      .filter(({ inputSchema }) => Object.hasOwn(inputSchema.properties, id))
      .filter(({ namespace }) => namespace !== record.namespace)
      .map((tool) => ({ path: `${ownPath(record)}/${tool.namespace}`, tool }))
  })
}

function actionOf({ name, namespace }: Tool): string {
  return name.slice(namespace.length + 1)
}

function placesOf({ parameters }: Tool): string[] {
  return parameters.filter((parameter) => parameter.in === 'path').map(({ argument }) => argument)
}

/** Prefixes that are none, and tools that one address would name; nothing where no prefix is declared. */
export function addressFaults(
  { name, resources, namespaces }: Declaration,
  tools: readonly Tool[],
): string[] {
  const prefixes = resources?.allowPrefixes ?? []
  const wrong = prefixes.flatMap((prefix) => prefixFault(prefix, name, Object.keys(namespaces)) ?? [])
  return [...wrong, ...(prefixes.length > 0 ? shared(tools) : [])].map(
    (fault) => `resources.allowPrefixes: ${fault}`,
  )
}

const SEGMENTS = /^([\w~-][\w.~-]*\/)*$/

function prefixFault(prefix: string, name: string, namespaces: string[]): string | undefined {
  const own = `${name}://`
  const [, opening = '', path = ''] = /^([a-z][a-z0-9+.-]*:\/\/)(.*)$/.exec(prefix) ?? []
  const isWeb = opening === 'https://' && URL.canParse(prefix)
  if ((opening !== own && !isWeb) || !SEGMENTS.test(isWeb ? path.replace(/:\d+/, '') : path))
    return `${prefix} is neither ${own} nor an https:// prefix, in plain segments that each end in a slash`
  if (isWeb)
    return new URL(prefix).href === prefix ? undefined : `${prefix} is spelled ${new URL(prefix).href}`
  const [first] = path.split('/')
  return first === '' || namespaces.includes(first!) ? undefined : `${prefix}: there is no namespace ${first}`
}

/** A namespace stands where a URI has its host, which has no case. */
function shared(tools: readonly Tool[]): string[] {
  const named = tools.map((tool) => ({ name: tool.name, uri: `x://${ownPath(tool).toLowerCase()}` }))
  return named.flatMap(({ name, uri }, at) => {
    const earlier = named.slice(0, at).find((each) => overlap(each.uri, uri))
    return earlier === undefined ? [] : [`${name} and ${earlier.name} would be read at one address`]
  })
}
