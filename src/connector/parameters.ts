/** Which of an operation's parameters a tool offers, and why some cannot be sent. */
import type { DocumentParameter, Operation } from '../document/operations.ts'
import type { Style } from '../tools/tool.ts'
import type { ToolDeclaration } from './declaration.ts'
import { argumentFault } from './names.ts'

/** Styles by place (OpenAPI 3.1, 4.8.12.2). */
const STYLES: Record<DocumentParameter['in'], Style[]> = {
  path: ['simple', 'label', 'matrix'],
  query: ['form', 'spaceDelimited', 'pipeDelimited', 'deepObject'],
  header: ['simple'],
  cookie: ['form'],
}

/** Headers that OpenAPI says to ignore as parameters; the connector sets them itself. */
const OWN_HEADERS = new Set(['accept', 'content-type', 'authorization'])
/** Headers that decide where a message goes or ends; no argument may set one. */
const FRAMING =
  /^(host|connection|content-.*|transfer-encoding|te|trailer|upgrade|expect|keep-alive|proxy-.*|cookie|forwarded|x-forwarded-.*)$/

/** The parameters that become arguments. */
export function offeredParameters(operation: Operation, declared: ToolDeclaration): DocumentParameter[] {
  return operation.parameters.filter((parameter) => isOffered(parameter, declared))
}

/** Everything that keeps the operation from being called with the offered parameters. */
export function offerFaults(
  operation: Operation,
  offered: DocumentParameter[],
  declared: ToolDeclaration,
): string[] {
  return [
    ...offered.flatMap(parameterFaults),
    ...templateFaults(operation, offered),
    ...declaredFaults(declared, operation),
  ]
}

function isOffered(parameter: DocumentParameter, { omit = [] }: ToolDeclaration): boolean {
  if (parameter.in === 'header' && OWN_HEADERS.has(parameter.name.toLowerCase())) return false
  return !omit.includes(parameter.name)
}

function parameterFaults(parameter: DocumentParameter): string[] {
  const { name, style, content } = parameter
  const faults = [argumentFault(name)]
  if (!STYLES[parameter.in].includes(style as Style))
    faults.push(`${name}: style ${style} does not exist in ${parameter.in}`)
  if (content !== undefined && content !== 'application/json')
    faults.push(`${name}: a value cannot be sent as ${content}`)
  if (parameter.in === 'header' && FRAMING.test(name.toLowerCase()))
    faults.push(`${name}: this header cannot be set by an argument`)
  return faults.filter((fault) => fault !== undefined)
}

function templateFaults({ path, parameters }: Operation, offered: DocumentParameter[]): string[] {
  const placed = [...path.matchAll(/\{([^{}]+)\}/g)].map(([, name]) => name!)
  const inPath = offered.filter((parameter) => parameter.in === 'path').map((parameter) => parameter.name)
  const names = offered.map((parameter) => parameter.name)
  return [
    ...placed
      .filter((name) => !inPath.includes(name))
      .map((name) => `the path needs ${name}, which cannot be given`),
    ...inPath.filter((name) => !placed.includes(name)).map((name) => `${name} has no place in ${path}`),
    ...names
      .filter((name, at) => names.indexOf(name) !== at)
      .map((name) => `two parameters are called ${name}`),
    ...parameters
      .filter((parameter) => parameter.required && parameter.in !== 'path' && isLost(parameter, offered))
      .map((parameter) => `${parameter.name} is required and cannot be omitted`),
  ]
}

function isLost(parameter: DocumentParameter, offered: DocumentParameter[]): boolean {
  return (
    !offered.includes(parameter) &&
    !(parameter.in === 'header' && OWN_HEADERS.has(parameter.name.toLowerCase()))
  )
}

function declaredFaults(
  { arguments: words = {}, omit = [] }: ToolDeclaration,
  { parameters }: Operation,
): string[] {
  const names = [...Object.keys(words), ...omit]
  return names
    .filter((name) => !parameters.some((parameter) => parameter.name === name))
    .map((name) => `the operation has no parameter ${name}`)
}
