/** A schema in which a person sees all that a model reads: what is invisible could carry words past them. */
import { inside, type Json, type Schema } from '../json.ts'
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
  const shown = { ...schema }
  const options = schema.enum?.filter(isVisible) ?? []
  if (options.length > 0) shown.enum = options
  else delete shown.enum
  if (schema.default !== undefined && !isVisible(schema.default)) delete shown.default
  if (schema.pattern !== undefined && !isVisible(schema.pattern)) delete shown.pattern
  return inside(shown, visibleValues)
}

function isVisible(value: Json): boolean {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return reveal(text) === text
}
