/** Which of an operation's parameters a tool offers, and why some cannot be sent. */

import type { Access } from '../access/access.ts'
import { credentialPlaces } from '../access/credential.ts'
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

/** What carries the credential, and the headers that OpenAPI says to ignore as parameters: we set them ourselves. */
export function ownPlaces(access: Access): ReadonlySet<string> {
  return new Set(['header accept', 'header content-type', ...credentialPlaces(access)])
}

/** Headers that decide where a message goes, what it does or where it ends; no argument may set one. */
const FRAMING =
  /^(host|connection|content-.*|transfer-encoding|te|trailer|upgrade|expect|keep-alive|proxy-.*|cookie|forwarded|x-forwarded-.*|x-original-.*|x-rewrite-.*|x-real-ip|accept-encoding|x-http-method.*|x-method-override)$/

/** What a tool is made of, beside the document. */
export interface Offer {
  operation: Operation
  declared: ToolDeclaration
  /** What no argument sets, such as `header authorization`. */
  own: ReadonlySet<string>
}

/** The parameters that become arguments. */
export function offeredParameters({ operation, declared: { omit = [] }, own }: Offer): DocumentParameter[] {
  return operation.parameters.filter((parameter) => !isOwn(parameter, own) && !omit.includes(parameter.name))
}

function isOwn({ in: place, name }: DocumentParameter, own: ReadonlySet<string>): boolean {
  return own.has(`${place} ${place === 'header' ? name.toLowerCase() : name}`)
}

/** True for a header that says where a message goes, what it does or where it ends. */
export function isFraming(header: string): boolean {
  return FRAMING.test(header.toLowerCase())
}

/** Everything that keeps the operation from being called with the offered parameters. */
export function offerFaults(offer: Offer, offered: DocumentParameter[]): string[] {
  const lost = offer.operation.parameters.filter(
    (parameter) =>
      parameter.required &&
      parameter.in !== 'path' &&
      !offered.includes(parameter) &&
      !isOwn(parameter, offer.own),
  )
  return [
    ...offered.flatMap(parameterFaults),
    ...templateFaults(offer.operation, offered),
    ...lost.map(({ name }) => `${name} is required and cannot be omitted`),
    ...declaredFaults(offer.declared, offer.operation),
  ]
}

function parameterFaults(parameter: DocumentParameter): string[] {
  const { name, style, content } = parameter
  const faults = [argumentFault(name)]
  if (!STYLES[parameter.in].includes(style as Style))
    faults.push(`${name}: style ${style} does not exist in ${parameter.in}`)
  if (content !== undefined && content !== 'application/json')
    faults.push(`${name}: a value cannot be sent as ${content}`)
  if (parameter.in === 'header' && isFraming(name))
    faults.push(`${name}: this header cannot be set by an argument`)
  return faults.filter((fault) => fault !== undefined)
}

function templateFaults({ path }: Operation, offered: DocumentParameter[]): string[] {
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
  ]
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
