/** The shape of what a declaration says of answers. */
import { z } from 'zod'
import type { AnswerDeclaration } from './declaration.ts'

const words = z.string().trim().min(1, 'must not be empty')
export const dottedPath = z
  .string()
  .regex(/^[\w-]+(\.[\w-]+){0,5}$/, 'is not a dotted path of at most six members')

const facts = {
  size: words.optional(),
  stated: dottedPath.optional(),
  more: dottedPath.optional(),
  next: dottedPath.optional(),
}
const paging = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('page'), page: words, first: z.int().min(0).max(1), ...facts }),
  z.strictObject({
    kind: z.literal('offset'),
    offset: words,
    first: z.int().min(0).max(1).optional(),
    ...facts,
  }),
  z.strictObject({ kind: z.literal('cursor'), cursor: words, next: dottedPath, more: dottedPath.optional() }),
  z.strictObject({ kind: z.literal('link'), next: dottedPath.optional() }),
])

export const answerMembers = {
  budget: z.int().min(1000).max(10_000_000).optional(),
  rows: z.union([z.string(), z.literal(false)]).optional(),
  total: words.optional(),
  paging: z.union([paging, z.literal(false)]).optional(),
  summary: z.array(words).min(1).optional(),
  fields: z.literal(false).optional(),
  formats: z.literal(false).optional(),
} satisfies Record<keyof AnswerDeclaration, z.ZodType>

export const answersShape = z.union([z.literal(false), z.strictObject(answerMembers)]).optional()
