/** Every method by era, and the capability it belongs to; what is not in the table does not exist there. */
import { complete } from './completions.ts'
import { discover } from './discover.ts'
import { initialize, ping } from './initialize.ts'
import { listen } from './listen.ts'
import { getPrompt, listPrompts } from './prompts.ts'
import { listResources, listTemplates, readResource } from './resources.ts'
import type { McpServer, Method } from './server.ts'
import { callTool, listTools } from './tools.ts'
import type { Era } from './versions.ts'

const METHODS: Record<Era | 'both', Record<string, Method>> = {
  legacy: { initialize, ping },
  modern: { 'server/discover': discover, 'subscriptions/listen': listen },
  both: {
    'tools/list': listTools,
    'tools/call': callTool,
    'resources/list': listResources,
    'resources/templates/list': listTemplates,
    'resources/read': readResource,
    'prompts/list': listPrompts,
    'prompts/get': getPrompt,
    'completion/complete': complete,
  },
}

/** The method, where the era has it and the connector declares what it belongs to. */
export function methodOf(era: Era, name: string, { capabilities }: McpServer): Method | undefined {
  if (Object.hasOwn(METHODS[era], name)) return METHODS[era][name]
  const family = name.split('/')[0]!
  const declared = Object.hasOwn(capabilities, family === 'completion' ? 'completions' : family)
  return declared && Object.hasOwn(METHODS.both, name) ? METHODS.both[name] : undefined
}
