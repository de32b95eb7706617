/** Two lists of tools beside each other: what was added, what is gone, and which arguments changed. */
import { canonical } from '../connector/canonical.ts'
import type { Tool } from '../tools/tool.ts'

export interface ToolChange {
  tool: string
  change: 'added' | 'removed' | 'changed'
  /** Arguments by name; `words` where nothing but words changed. */
  added: string[]
  removed: string[]
  changed: string[]
}

/** In the order of the newer list, what is gone at the end. */
export function compareTools(before: readonly Tool[], after: readonly Tool[]): ToolChange[] {
  const old = new Map(before.map((tool) => [tool.name, tool]))
  const kept = new Set(after.map(({ name }) => name))
  return [
    ...after.flatMap((tool) => {
      const same = old.get(tool.name)
      return same === undefined ? [whole(tool.name, 'added')] : compareTool(same, tool)
    }),
    ...before.filter(({ name }) => !kept.has(name)).map(({ name }) => whole(name, 'removed')),
  ]
}

function whole(tool: string, change: 'added' | 'removed'): ToolChange {
  return { tool, change, added: [], removed: [], changed: [] }
}

function compareTool(before: Tool, after: Tool): ToolChange[] {
  const isSame = canonical(listed(before)) === canonical(listed(after))
  if (isSame) return []
  const [old, next] = [before, after].map(
    ({ inputSchema }) => new Map(Object.entries(inputSchema.properties)),
  )
  const names = [...next!.keys()]
  const required = ({ inputSchema }: Tool, name: string) => inputSchema.required?.includes(name) ?? false
  return [
    {
      tool: after.name,
      change: 'changed',
      added: names.filter((name) => !old!.has(name)),
      removed: [...old!.keys()].filter((name) => !next!.has(name)),
      changed: names.filter(
        (name) =>
          old!.has(name) &&
          (canonical(old!.get(name)) !== canonical(next!.get(name)) ||
            required(before, name) !== required(after, name)),
      ),
    },
  ]
}

/** What a client sees of it. */
function listed({ name, title, description, inputSchema }: Tool): object {
  return { name, title, description, inputSchema }
}

const SIGNS = { added: '+', removed: '-', changed: '~' } as const

/** One line a tool, as a diff reads. */
export function toolLine({ tool, change, added, removed, changed }: ToolChange): string {
  const args = [
    ...added.map((name) => `+${name}`),
    ...removed.map((name) => `-${name}`),
    ...changed.map((name) => `~${name}`),
  ]
  const told = change === 'changed' && args.length === 0 ? 'its words' : args.join(' ')
  return `${SIGNS[change]} ${tool} ${told}`.trimEnd()
}
