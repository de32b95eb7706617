/** A schema in which a person sees all that a model reads: what is invisible could carry words past them. */
import type { Json, Schema } from '../json.ts'
import { reveal } from '../tools/invisible.ts'

/** Words at every depth, and the limits that were put into them. */
export function revealed(schema: Schema): Schema {
  const { title, description } = schema
  return inside(
    {
      ...schema,
      ...(title !== undefined && { title: reveal(title) }),
      ...(description !== undefined && { description: reveal(description) }),
    },
    revealed,
  )
}

/** Values cannot be told otherwise than they are, so those that hide something are left out; they are still taken. */
export function visibleValues(schema: Schema): Schema {
  const { enum: options, default: preset, pattern, ...rest } = schema
  const shown = options?.filter(isVisible) ?? []
  return inside(
    {
      ...rest,
      ...(shown.length > 0 && { enum: shown }),
      ...(preset !== undefined && isVisible(preset) && { default: preset }),
      ...(pattern !== undefined && isVisible(pattern) && { pattern }),
    },
    visibleValues,
  )
}

function isVisible(value: Json): boolean {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return reveal(text) === text
}

function inside(schema: Schema, change: (inner: Schema) => Schema): Schema {
  const { properties, items, anyOf, additionalProperties: extra } = schema
  const members = Object.entries(properties ?? {}).map(([name, each]) => [name, change(each)])
  return {
    ...schema,
    ...(properties && { properties: Object.fromEntries(members) }),
    ...(items && { items: change(items) }),
    ...(anyOf && { anyOf: anyOf.map(change) }),
    ...(typeof extra === 'object' && { additionalProperties: change(extra) }),
  }
}
