/** A part of a catalog: some of its namespaces, and of everything else what their tools can answer for. */
import type { Namespaces } from '../access/parts.ts'
import type { Tool } from '../tools/tool.ts'
import type { Catalog, Prompt } from './catalog.ts'
import { underscored } from './names.ts'

/** Of what parts can be made: the namespaces that have tools. */
export function namespacesOf({ namespaces, tools }: Pick<Catalog, 'namespaces' | 'tools'>): Namespaces {
  const scopes = new Map<string, string[]>()
  for (const tool of tools)
    scopes.set(tool.namespace, [...(scopes.get(tool.namespace) ?? []), ...tool.scopes])
  const open = namespaces.filter(({ name }) => scopes.has(name))
  return new Map(open.map(({ name }) => [name, [...new Set(scopes.get(name))]]))
}

/** The catalog as if only the namespaces in `names` had been declared; it shares its tools with the whole. */
export function partOf(catalog: Catalog, names: readonly string[]): Catalog {
  const within = new Set(names)
  const tools = catalog.tools.filter(({ namespace }) => within.has(namespace))
  const needed = new Set(tools.flatMap(({ scopes }) => scopes))
  const prompts = promptsOf(catalog, tools)
  const { prompts: byPrompt, resources: byTemplate } = catalog.completions
  const templates = new Set(tools.map(({ resource }) => resource))
  return {
    ...catalog,
    tools,
    prompts,
    scopes: pick(catalog.scopes, (scope) => needed.has(scope)),
    namespaces: catalog.namespaces.filter(({ name }) => within.has(name)),
    knowledge: catalog.knowledge.filter(({ namespace }) => within.has(namespace)),
    completions: {
      prompts: pick(byPrompt, (name) => prompts.some((prompt) => prompt.name === name)),
      resources: pick(byTemplate, (template) => templates.has(template)),
    },
  }
}

/** Prompts that count on no other tool, send nobody to another, and name none in their words. */
function promptsOf(catalog: Catalog, tools: readonly Tool[]): Prompt[] {
  const here = new Set(tools.map(({ name }) => name))
  const elsewhere = catalog.tools.map(({ name }) => name).filter((name) => !here.has(name))
  const foreign = new Set(elsewhere.flatMap((name) => [name, underscored(name)]))
  return catalog.prompts.flatMap((prompt) => {
    const routes = prompt.routes.filter(({ tool }) => here.has(tool))
    const isLost = prompt.routes.length > 0 && routes.length === 0
    const words = [prompt.title, prompt.description, prompt.text, ...routes.map((route) => route.words)]
    const names = words.join(' ').match(/\w[\w-]*(?:\.[\w-]+)?/g) ?? []
    const isWithin = prompt.tools.every((tool) => here.has(tool)) && !names.some((name) => foreign.has(name))
    return isWithin && !isLost ? [{ ...prompt, routes }] : []
  })
}

function pick<T>(table: Record<string, T>, isKept: (name: string) => boolean): Record<string, T> {
  return Object.fromEntries(Object.entries(table).filter(([name]) => isKept(name)))
}
