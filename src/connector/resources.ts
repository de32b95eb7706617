/** Resources as they are declared: the URI template of each tool that is one, and what keeps it from being read. */
import { own } from '../json.ts'
import type { Tool } from '../tools/tool.ts'
import { overlap, templateFault, variablesOf } from '../tools/uri-template.ts'
import { type Declaration, declarationOf } from './declaration.ts'

/** Writes `resource` into the tools that are declared as one; the faults of what is declared. */
export function addressResources(declaration: Declaration, tools: Tool[]): string[] {
  const addressed = tools.filter((tool) => {
    const { resource: declared } = declarationOf(declaration, tool)
    if (declared) tool.resource = declared === true ? ownTemplate(declaration.name, tool) : declared.uri
    return tool.resource !== undefined
  })
  return [...addressed.flatMap((tool) => addressFaults(tool, tool.resource!)), ...sharedAddresses(addressed)]
}

/** The address of a tool's records where none is declared, such as `flowtly://attachments/{attachmentId}`. */
export function ownTemplate(connector: string, { namespace, parameters }: Tool): string {
  const places = parameters.filter((parameter) => parameter.in === 'path')
  return `${connector}://${[namespace, ...places.map(({ argument }) => `{${argument}}`)].join('/')}`
}

function addressFaults({ name, inputSchema, defaults }: Tool, template: string): string[] {
  const fault = templateFault(template)
  if (fault !== undefined) return [`${name}: resource ${template} ${fault}`]
  const { properties, required = [] } = inputSchema
  const variables = variablesOf(template)
  const unknown = variables.filter((variable) => !Object.hasOwn(properties, variable))
  const nested = variables.filter((variable) =>
    ['array', 'object'].includes(String(own(properties, variable)?.type)),
  )
  const lacking = required.filter(
    (argument) => !variables.includes(argument) && !Object.hasOwn(defaults, argument),
  )
  return [
    ...unknown.map((variable) => `${name}: resource ${template}: {${variable}} is no argument of the tool`),
    ...nested.map((variable) => `${name}: resource ${template}: {${variable}} is more than one value`),
    ...lacking.map((argument) => `${name}: resource ${template} lacks {${argument}}, which is required`),
  ]
}

/** Two that one URI fits, the second of which could never be read. */
function sharedAddresses(tools: Tool[]): string[] {
  return tools.flatMap((tool, at) => {
    const earlier = tools.slice(0, at).find((each) => overlap(each.resource!, tool.resource!))
    return earlier === undefined ? [] : [`${tool.name} and ${earlier.name} are resources of one address`]
  })
}
