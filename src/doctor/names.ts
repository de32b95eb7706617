/** What a client makes of a tool's name, and whether it still takes the tool. */
import type { Client } from './clients.ts'
import type { ListedTool } from './finding.ts'
import type { NameRule } from './rules.ts'

export interface NameFault {
  tool: string
  rule: NameRule
  note: string
}

/** `server` is the name under which a person added the connector. */
export function nameFaults(client: Client, server: string, tools: ListedTool[]): NameFault[] {
  const { spelled, prefix, characters, longest } = client.names
  const clashes = new Map<string, string>()
  return tools.flatMap(({ name: tool }) => {
    const bare = spelled(tool)
    const whole = `${prefix(server)}${bare}`
    const seen = cut(client, whole)
    const first = clashes.get(seen)
    clashes.set(seen, first ?? tool)
    const faults: [NameRule, boolean, string][] = [
      ['name-characters', !characters.test(bare), bare],
      [
        'name-length',
        client.names.cuts === undefined && whole.length > longest,
        `${whole} is ${whole.length} long`,
      ],
      [
        'name-clash',
        first !== undefined && client.names.clash !== 'renamed',
        `${seen}, as ${first} is already`,
      ],
    ]
    return faults.filter(([, wrong]) => wrong).map(([rule, , note]) => ({ tool, rule, note }))
  })
}

/** What the model calls `tool`. */
export function seenName(client: Client, server: string, tool: string): string {
  return cut(client, `${client.names.apart ? '' : client.names.prefix(server)}${client.names.spelled(tool)}`)
}

function cut({ names }: Client, whole: string): string {
  return names.cuts !== undefined && whole.length > names.longest ? names.cuts(whole) : whole
}
