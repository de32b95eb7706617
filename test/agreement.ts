/** Whether an API answers what its OpenAPI document says: every GET, every parameter, every member of every row. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
export type Row = Record<string, Json>
export interface Schema {
  $ref?: string
  type?: string | string[]
  enum?: Json[]
  const?: Json
  format?: string
  pattern?: string
  required?: string[]
  properties?: Record<string, Schema>
  items?: Schema
  allOf?: Schema[]
  anyOf?: Schema[]
}
export interface Parameter {
  $ref?: string
  name: string
  in: string
  required?: boolean
  explode?: boolean
  schema: Schema
  example?: Json
}
export interface Operation {
  operationId: string
  parameters?: Parameter[]
  responses: Record<string, { content?: Record<string, { schema?: Schema }> }>
}
export type PathItem = Record<string, Operation> & { parameters?: Parameter[] }

/** What a document says, ready to be held against its API. */
// biome-ignore lint/suspicious/noExplicitAny: a document is walked by its references
export function agreementOf(document: any) {
  /** The value itself, or what its `$ref` points at. */
  function resolve<T extends { $ref?: string }>(value: T): T {
    if (value.$ref === undefined) return value
    return value.$ref
      .slice(2)
      .split('/')
      .reduce((at, name) => at[name], document)
  }

  /** Every member of an object schema, those of its `allOf` included. */
  function membersOf(schema: Schema): { properties: Record<string, Schema>; required: string[] } {
    const parts = (schema.allOf ?? []).map((part) => membersOf(resolve(part)))
    return {
      properties: Object.assign({}, schema.properties, ...parts.map((part) => part.properties)),
      required: [...(schema.required ?? []), ...parts.flatMap((part) => part.required)],
    }
  }

  /** Every way in which a value differs from its schema; a member that is not documented is one. */
  function differences(given: Schema, value: Json, at = '$'): string[] {
    const schema = resolve(given)
    if (schema.anyOf) {
      return schema.anyOf.some((option) => differences(option, value).length === 0)
        ? []
        : [`${at} fits no option`]
    }
    const type = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value
    const types = [schema.type ?? (schema.allOf ? 'object' : type)].flat()
    if (!types.includes(type) && !(types.includes('integer') && Number.isInteger(value)))
      return [`${at} is ${type}`]
    if (schema.enum && !schema.enum.includes(value)) return [`${at} is not in the enum`]
    if (schema.const !== undefined && schema.const !== value) return [`${at} is not the constant`]
    if (typeof value === 'string' && !formOf(schema).test(value)) return [`${at} has another form: ${value}`]
    if (Array.isArray(value))
      return value.flatMap((item, index) => differences(schema.items ?? {}, item, `${at}[${index}]`))
    if (typeof value !== 'object' || value === null) return []
    const { properties, required } = membersOf(schema)
    return [
      ...required.filter((name) => !(name in value)).map((name) => `${at}.${name} is missing`),
      ...Object.entries(value).flatMap(([name, member]) => {
        const documented = properties[name]
        return documented
          ? differences(documented, member, `${at}.${name}`)
          : [`${at}.${name} is not documented`]
      }),
    ]
  }

  const reads = Object.entries(document.paths as Record<string, PathItem>).flatMap(([path, item]) => {
    if (!item.get) return []
    const parameters = [...(item.parameters ?? []), ...(item.get.parameters ?? [])].map(resolve)
    const target = path.replace(/\{(\w+)\}/g, (_, name) =>
      String(parameters.find((one) => one.name === name)?.example),
    )
    const required = parameters.filter((one) => one.in === 'query' && one.required)
    return [
      {
        ...item.get,
        target,
        /** The parameters that it is never asked without, with their examples. */
        required: required.map((one) => serialize(one, one.example!)),
        parameters,
        schema: item.get.responses['200']?.content?.['application/json']?.schema,
      },
    ]
  })
  const queries = reads.flatMap(({ operationId, target, required, parameters }) =>
    parameters.flatMap((one) =>
      one.in === 'query' ? [{ operationId, target, required, parameter: one, name: one.name }] : [],
    ),
  )

  return { differences, reads, queries }
}

function formOf({ pattern, format }: Schema): RegExp {
  if (format === 'date') return /^\d{4}-\d{2}-\d{2}$/
  return format === 'date-time' ? /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/ : new RegExp(pattern ?? '')
}

/** A query parameter on the wire, in the style that the document gives it. */
export function serialize({ name, explode = true }: Parameter, value: Json): string {
  const pair = (key: string, text: Json) => `${encodeURIComponent(key)}=${encodeURIComponent(String(text))}`
  if (Array.isArray(value))
    return explode ? value.map((item) => pair(name, item)).join('&') : pair(name, value.join(','))
  if (typeof value !== 'object' || value === null) return pair(name, value)
  return Object.entries(value)
    .map(([key, member]) => pair(`${name}[${key}]`, member))
    .join('&')
}

/** A value that the schema rules out, or undefined where any text will do. */
export function nonsenseFor({ type, format, pattern, enum: set, items }: Schema): string | undefined {
  if (format === 'date') return '2026-02-30'
  const closed = set ?? items?.enum ?? pattern
  return closed !== undefined || ['integer', 'number', 'boolean'].includes(String(type))
    ? 'nonsense'
    : undefined
}
