/** Everything that the audit asks of a connector, one after the other: each tool in each way, and the other methods. */
import type { Catalog, Prompt } from '../connector/catalog.ts'
import type { JsonObject } from '../json.ts'
import { type Arguments, schemaOf, type Tool } from '../tools/tool.ts'
import { variablesOf } from '../tools/uri-template.ts'
import type { Call } from './call.ts'
import { indirectCalls } from './indirect.ts'
import { argumentsFor, HOSTILE, shaped, shown, takesText } from './values.ts'

/** `answers` are the names of the ways in which the upstream answers. */
export function* callsOf(catalog: Catalog, answers: readonly string[]): Generator<Call> {
  for (const tool of catalog.tools) yield* toolCalls(tool, answers)
  for (const tool of catalog.tools) if (tool.resource !== undefined) yield* resourceCalls(tool)
  for (const uri of foreignUris(catalog))
    yield {
      label: `resources/read ${JSON.stringify(uri)}`,
      method: 'resources/read',
      params: { uri },
      may: catalog.tools,
    }
  for (const prompt of catalog.prompts) yield* promptCalls(prompt, catalog)
  yield* indirectCalls(catalog)
  yield* otherCalls()
}

function* toolCalls(tool: Tool, answers: readonly string[]): Generator<Call> {
  const { properties, required = [] } = tool.inputSchema
  const names = Object.keys(properties)
  const least = argumentsFor(tool, required)
  const call = (told: string, args: Arguments, answer?: string): Call => ({
    label: `${tool.name} with ${told}`,
    method: 'tools/call',
    params: { name: tool.name, arguments: args },
    may: [tool],
    tool,
    ...(answer !== undefined && { answer }),
  })
  yield call('its required arguments', least)
  yield call('all arguments', argumentsFor(tool, names))
  for (const name of names.filter((each) => !required.includes(each)))
    yield call(name, { ...least, ...argumentsFor(tool, [name]) })
  for (const name of names.filter((each) => takesText(schemaOf(tool, each)!)))
    for (const text of HOSTILE)
      yield call(`${name} ${shown(text)}`, { ...least, [name]: shaped(schemaOf(tool, name)!, text) })
  for (const answer of answers) yield call(`the upstream answering ${answer}`, least, answer)
}

function* resourceCalls(tool: Tool): Generator<Call> {
  const template = tool.resource!
  const values = argumentsFor(tool, variablesOf(template))
  const filled = (written: (name: string) => string) =>
    template.replace(/\{([^{}]+)\}/g, (_, name: string) => written(name))
  const uris = [
    filled((name) => encodeURIComponent(String(values[name] ?? 'a'))),
    ...(variablesOf(template).length === 0 ? [] : HOSTILE).flatMap((text) => [
      filled(() => text),
      filled(() => encodeURIComponent(text)),
    ]),
  ]
  for (const uri of uris)
    yield { label: `resources/read ${shown(uri)}`, method: 'resources/read', params: { uri }, may: [tool] }
}

function foreignUris({ name }: Catalog): string[] {
  return [
    'file:///etc/passwd',
    'http://evil.example/',
    '//evil.example/',
    `${name}://`,
    `${name}://evil.example/../../x`,
    `${name}://..%2f..%2fadmin`,
    '',
  ]
}

function* promptCalls(prompt: Prompt, { tools, completions }: Catalog): Generator<Call> {
  const may = tools.filter(({ name }) => prompt.tools.includes(name))
  const known = completions.prompts[prompt.name] ?? {}
  const least = Object.fromEntries(prompt.arguments.map(({ name }) => [name, known[name]?.[0] ?? 'audit']))
  const call = (told: string, args: JsonObject): Call => ({
    label: `prompts/get ${prompt.name} with ${told}`,
    method: 'prompts/get',
    params: { name: prompt.name, arguments: args },
    may,
  })
  yield call('every argument', least)
  for (const { name } of prompt.arguments)
    for (const text of HOSTILE) yield call(`${name} ${shown(text)}`, { ...least, [name]: text })
}

/** What asks nothing of the upstream, whatever it says. */
const OTHERS: [method: string, params: JsonObject][] = [
  [
    'initialize',
    { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'audit', version: '1' } },
  ],
  ['ping', {}],
  ['tools/list', {}],
  ['resources/list', {}],
  ['resources/templates/list', {}],
  ['prompts/list', {}],
  [
    'completion/complete',
    { ref: { type: 'ref/prompt', name: '../' }, argument: { name: 'x', value: '../' } },
  ],
  ['tools/call', { name: '../admin', arguments: {} }],
  ['tools/call', { name: '__proto__', arguments: {} }],
  ['tools/call', { name: 'constructor', arguments: {} }],
  ['prompts/get', { name: '../admin' }],
  ['sampling/createMessage', {}],
  ['http://evil.example/', {}],
]

function* otherCalls(): Generator<Call> {
  for (const [method, params] of OTHERS)
    yield { label: `${method} ${JSON.stringify(params)}`.slice(0, 100), method, params, may: [] }
}
