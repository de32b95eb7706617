/**
 * What a server reads from a request's raw head, by the parameters' definitions alone (OpenAPI 3.2.0, 4.12; RFC 6570;
 * WHATWG URL, 5.1; RFC 6265, 4.2). It imports nothing of ours, and throws where a request can be read in two ways.
 */

// biome-ignore lint/suspicious/noExplicitAny: JSON of any shape
export type Value = any

export interface Shape {
  type: 'string' | 'number' | 'boolean' | 'array' | 'object'
  items?: Shape
  properties?: Record<string, Shape>
  additionalProperties?: Shape | boolean
  enum?: string[]
}

/** A parameter as a document writes it. */
export interface Definition {
  name: string
  in: 'path' | 'query' | 'querystring' | 'header' | 'cookie'
  style?: string
  explode?: boolean
  allowReserved?: boolean
  allowEmptyValue?: boolean
  schema?: Shape
  content?: Record<string, { schema: Shape }>
}

const STYLE = {
  path: 'simple',
  query: 'form',
  querystring: 'form',
  header: 'simple',
  cookie: 'form',
} as const

/** The values of all parameters that the request holds. */
export function decode(head: string, template: string, definitions: Definition[]): Record<string, Value> {
  const [line, ...headers] = head.split('\r\n')
  const target = /^GET (\S+) HTTP\/1\.1$/.exec(line!)![1]!
  const [path, ...rest] = target.split('?')
  const request: Request = {
    path: readPath(path!, template, definitions),
    search: rest.join('?'),
    query: pairs(rest.join('?'), '&'),
    cookies: pairs(headerOf(headers, 'cookie') ?? '', '; '),
    header: (name) => headerOf(headers, name),
  }
  const read = definitions.map((definition) => [definition.name, parameter(definition, request, definitions)])
  return Object.fromEntries(read.filter(([, value]) => value !== undefined))
}

type Raw = [name: string, value: string]

interface Request {
  path: Map<string, string>
  search: string
  query: Raw[]
  cookies: Raw[]
  header: (name: string) => string | undefined
}

function headerOf(lines: string[], name: string): string | undefined {
  const found = lines.filter((line) => line.slice(0, line.indexOf(':')).toLowerCase() === name.toLowerCase())
  if (found.length > 1) throw new Error(`two headers ${name}`)
  return found[0]?.slice(found[0].indexOf(':') + 1).replace(/^[ \t]+|[ \t]+$/g, '')
}

function pairs(text: string, separator: string): Raw[] {
  if (text === '') return []
  return text.split(separator).map((pair) => {
    const at = pair.indexOf('=')
    return at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)]
  })
}

/** Bytes of `%XX` and of everything else as they stand, read as UTF-8; broken ones throw. */
function percent(text: string): string {
  const bytes: number[] = []
  for (let at = 0; at < text.length; at++) {
    if (text[at] !== '%') {
      bytes.push(text.charCodeAt(at))
      continue
    }
    const hex = text.slice(at + 1, at + 3)
    if (!/^[0-9A-Fa-f]{2}$/.test(hex)) throw new Error(`a stray % in ${text}`)
    bytes.push(Number.parseInt(hex, 16))
    at += 2
  }
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(new Uint8Array(bytes))
}

const form = (text: string) => percent(text.replaceAll('+', ' '))
const same = (text: string) => text

function leaf(text: string, shape: Shape | undefined): Value {
  if (shape?.type === 'array' || shape?.type === 'object') return JSON.parse(text)
  if (shape?.type === 'number') {
    if (!/^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text)) throw new Error(`${text} is no number`)
    return Number(text)
  }
  return shape?.type === 'boolean' ? { true: true, false: false }[text] : text
}

const member = ({ properties = {}, additionalProperties }: Shape, name: string): Shape | undefined =>
  Object.hasOwn(properties, name)
    ? properties[name]
    : typeof additionalProperties === 'object'
      ? additionalProperties
      : undefined

function object(entries: [string, string][], shape: Shape): Value {
  const names = entries.map(([name]) => name)
  if (new Set(names).size < names.length) throw new Error(`a member twice: ${names}`)
  return Object.fromEntries(entries.map(([name, text]) => [name, leaf(text, member(shape, name))]))
}

/** `R,100,G,200`, or `R=100,G=200` exploded; each part is decoded after it is cut. */
function composite(
  text: string,
  shape: Shape,
  separator: string,
  explode: boolean,
  read: (text: string) => string,
) {
  const parts = text.split(separator)
  if (shape.type === 'array') return parts.map((part) => leaf(read(part), shape.items))
  if (explode)
    return object(
      parts.map((part) => cut(part).map(read) as Raw),
      shape,
    )
  if (parts.length % 2 > 0) throw new Error(`an odd number of parts: ${text}`)
  const entries = parts.flatMap((part, at): Raw[] =>
    at % 2 === 0 ? [[read(part), read(parts[at + 1]!)]] : [],
  )
  return object(entries, shape)
}

function cut(part: string): Raw {
  const at = part.indexOf('=')
  if (at < 0) throw new Error(`no = in ${part}`)
  return [part.slice(0, at), part.slice(at + 1)]
}

const isComposite = ({ type }: Shape) => type === 'array' || type === 'object'

function parameter(definition: Definition, request: Request, all: Definition[]): Value {
  const { name, in: place, content } = definition
  const style = definition.style ?? STYLE[place]
  const explode = definition.explode ?? (style === 'form' || style === 'cookie')
  if (content) return media(definition, request)
  const shape = definition.schema!
  if (place === 'path') return pathValue(request.path.get(name)!, definition, style, explode)
  if (place === 'header') {
    const text = request.header(name)
    if (text === undefined) return undefined
    return isComposite(shape) ? composite(text, shape, ',', explode, same) : leaf(text, shape)
  }
  const read = readerOf(definition)
  const found = place === 'query' ? request.query : request.cookies
  const own = found.filter(([key]) => isCalled(key, definition)).map(([, text]) => text)
  // With allowEmptyValue, `name=` says that the parameter is empty.
  if (definition.allowEmptyValue && isComposite(shape) && own.join() === '' && own.length === 1)
    return shape.type === 'array' ? [] : {}
  if (style === 'deepObject' && isComposite(shape)) return deep(definition, found)
  if (shape.type === 'object' && explode) return exploded(definition, found, read, all)
  if (own.length === 0) return undefined
  if (shape.type === 'array' && explode) return own.map((text) => leaf(read(text), shape.items))
  if (own.length > 1) throw new Error(`${name} twice`)
  return isComposite(shape)
    ? composite(own[0]!, shape, SEPARATOR[style]!, false, read)
    : leaf(read(own[0]!), shape)
}

const SEPARATOR: Record<string, string> = {
  form: ',', cookie: ',', spaceDelimited: '%20', pipeDelimited: '%7C', tabDelimited: '%09',
} // biome-ignore format: one row

/** How a server reads names and values of a query or cookie. */
function readerOf({ in: place, style }: Definition): (text: string) => string {
  return place === 'query' ? form : style === 'cookie' ? same : percent
}

function isCalled(key: string, definition: Definition): boolean {
  return isWhole(key, readerOf(definition)) && readerOf(definition)(key) === definition.name
}

/** Members by their own names. */
function exploded(
  definition: Definition,
  found: Raw[],
  read: (text: string) => string,
  all: Definition[],
): Value {
  const entries = found
    .filter(([key]) => isMember(key, definition, all))
    .map(([key, text]): Raw => [read(key), read(text)])
  return entries.length === 0 ? undefined : object(entries, definition.schema!)
}

/** A name is the parameter's that is called so, then the object's that lists it, then the object's that is open. */
function isMember(key: string, definition: Definition, all: Definition[]): boolean {
  const { properties = {}, additionalProperties } = definition.schema!
  const read = readerOf(definition)
  const others = all.filter(
    (other) =>
      other !== definition && other.in === definition.in && (other.in !== 'path' || other.style === 'matrix'),
  )
  if (!isWhole(key, read)) return false
  return Object.hasOwn(properties, read(key))
    ? !others.some((other) => isCalled(key, other))
    : additionalProperties !== false && !others.some((other) => owns(other, key))
}

function owns(definition: Definition, raw: string): boolean {
  const { name, style, explode = style !== 'matrix', schema } = definition
  if (!isWhole(raw, readerOf(definition))) return false
  const key = readerOf(definition)(raw)
  if (style === 'deepObject') return key === name || key.startsWith(`${name}[`)
  return key === name || (explode && schema?.type === 'object' && Object.hasOwn(schema.properties ?? {}, key))
}

/** Brackets, built by the schema: indexes where it says list, names where it says object. */
function deep({ name, schema }: Definition, found: Raw[]): Value {
  const mine = found
    .map(([key, text]): Raw => [form(key), form(text)])
    .filter(([key]) => key.startsWith(`${name}[`))
  if (mine.length === 0) return undefined
  const entries = mine.map(([key, text]) => {
    const steps = [...key.slice(name.length).matchAll(/\[([^[\]]*)\]/g)]
    if (steps.map(([step]) => step).join('') !== key.slice(name.length)) throw new Error(`brackets of ${key}`)
    return { steps: steps.map(([, step]) => step!), text }
  })
  return build(entries, schema)
}

function build(entries: { steps: string[]; text: string }[], shape: Shape | undefined): Value {
  if (!shape || !isComposite(shape)) {
    if (entries.length !== 1 || entries[0]!.steps.length > 0)
      throw new Error('brackets where there is a leaf')
    return leaf(entries[0]!.text, shape)
  }
  const names = [...new Set(entries.map(({ steps }) => steps[0]!))]
  const inner = (name: string, of: Shape | undefined) =>
    build(
      entries
        .filter(({ steps }) => steps[0] === name)
        .map(({ steps, text }) => ({ steps: steps.slice(1), text })),
      of,
    )
  if (shape.type === 'object')
    return Object.fromEntries(names.map((name) => [name, inner(name, member(shape, name))]))
  return names.map((name, at) => {
    if (name !== String(at)) throw new Error(`index ${name} in place of ${at}`)
    return inner(name, shape.items)
  })
}

/** `content`: a text in its place, then its media type. */
function media(definition: Definition, request: Request): Value {
  const { name, in: place, content } = definition
  const [[type, { schema }]] = Object.entries(content!) as [[string, { schema: Shape }]]
  const raw = {
    path: () => percent(request.path.get(name)!),
    query: () => mapped(request.query.find(([key]) => isCalled(key, definition))?.[1], form),
    querystring: () =>
      type === 'application/x-www-form-urlencoded' ? request.search : percent(request.search),
    header: () => request.header(name),
    cookie: () => mapped(request.cookies.find(([key]) => isCalled(key, definition))?.[1], percent),
  }[place]()
  if (raw === undefined || (raw === '' && place === 'querystring')) return undefined
  if (type === 'application/json') return JSON.parse(raw)
  if (type === 'text/plain') return leaf(raw, schema)
  const names = [...new Set(pairs(raw, '&').map(([key]) => form(key)))]
  return Object.fromEntries(
    names.map((key) => {
      const texts = pairs(raw, '&')
        .filter((pair) => form(pair[0]) === key)
        .map(([, text]) => form(text))
      const shape = member(schema, key)
      const one = (text: string, of: Shape | undefined) =>
        of?.type === 'object' ? JSON.parse(text) : leaf(text, of)
      if (shape?.type === 'array') return [key, texts.map((text) => one(text, shape.items))]
      if (texts.length > 1) throw new Error(`${key} twice`)
      return [key, one(texts[0]!, shape)]
    }),
  )
}

function mapped(text: string | undefined, read: (text: string) => string): string | undefined {
  return text === undefined ? undefined : read(text)
}

/** The raw text of each template expression; throws where a segment can be read in no way, or in several. */
function readPath(path: string, template: string, definitions: Definition[]): Map<string, string> {
  const segments = path.split('/')
  const templates = segmentsOf(template)
  if (segments.length !== templates.length) throw new Error(`${path} has not the segments of ${template}`)
  const all = segments.flatMap((segment, at) => {
    const ways = readings(segment, templates[at]!.split(/\{([^{}]+)\}/), definitions)
    if (ways.length !== 1)
      throw new Error(`${segment} can be read as ${templates[at]} in ${ways.length} ways`)
    return ways[0]!
  })
  return new Map(all)
}

/** A slash inside braces is of a name. */
function segmentsOf(template: string): string[] {
  const segments = ['']
  for (const token of template.match(/\{[^{}]*\}|\/|[^{}/]+/g) ?? []) {
    if (token === '/') segments.push('')
    else segments[segments.length - 1] += token
  }
  return segments
}

function readings(text: string, [literal, name, ...rest]: string[], definitions: Definition[]): Raw[][] {
  if (name === undefined) return text === literal ? [[]] : []
  if (!text.startsWith(literal!)) return []
  const definition = definitions.find((each) => each.in === 'path' && each.name === name)!
  const from = literal!.length
  // The last expression of a segment ends where its literal begins; one before it may end anywhere.
  const ends =
    rest.length === 1
      ? [text.length - rest[0]!.length]
      : Array.from({ length: text.length - from + 1 }, (_, at) => from + at)
  return ends
    .filter(
      (end) =>
        end >= from &&
        !/%.?$/.test(text.slice(0, end)) &&
        fits(text.slice(from, end), definition, definitions),
    )
    .flatMap((end) =>
      readings(text.slice(end), rest, definitions).map((others): Raw[] => [
        [name, text.slice(from, end)],
        ...others,
      ]),
    )
}

/** Half an escape or half a character is not what a parameter was sent as. */
function isWhole(text: string, read = percent): boolean {
  try {
    read(text)
    return true
  } catch {
    return false
  }
}

function fits(text: string, definition: Definition, all: Definition[]): boolean {
  if (!isWhole(text)) return false
  const { enum: options } = definition.schema ?? { type: 'string' }
  if (options && !options.includes(percent(text))) return false
  const style = definition.style ?? 'simple'
  if (style === 'label') return text.startsWith('.') && !text.includes(';')
  if (style !== 'matrix') return text !== '' && !text.includes(';')
  if (!text.startsWith(';')) return false
  const names = text
    .slice(1)
    .split(';')
    .map((pair) => pair.split('=')[0]!)
  const { explode = false, schema = { type: 'string' } } = definition
  const exploded = explode && schema.type === 'object'
  return names.every((name) => (exploded ? isMember(name, definition, all) : isCalled(name, definition)))
}

function pathValue(raw: string, { schema }: Definition, style: string, explode: boolean): Value {
  const shape = schema!
  if (style === 'simple')
    return isComposite(shape) ? composite(raw, shape, ',', explode, percent) : leaf(percent(raw), shape)
  const text = raw.slice(1)
  if (style === 'label')
    return isComposite(shape)
      ? composite(text, shape, explode ? '.' : ',', explode, percent)
      : leaf(percent(text), shape)
  const found = pairs(text, ';').map(([key, value]): Raw => [percent(key), value])
  if (shape.type === 'object' && explode)
    return object(
      found.map(([key, value]): Raw => [key, percent(value)]),
      shape,
    )
  if (shape.type === 'array' && explode) return found.map(([, value]) => leaf(percent(value), shape.items))
  return isComposite(shape)
    ? composite(found[0]![1], shape, ',', false, percent)
    : leaf(percent(found[0]![1]), shape)
}
