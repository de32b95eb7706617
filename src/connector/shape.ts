/** The shape of a declaration, for those who write it in plain JavaScript: a misspelt or missing member is a fault. */
import { z } from 'zod'
import { accessShape } from './access-shape.ts'
import type {
  AnswerDeclaration,
  AttachmentDeclaration,
  Declaration,
  KnowledgeDeclaration,
  NamespaceDeclaration,
  PromptDeclaration,
  ToolDeclaration,
} from './declaration.ts'
import { shapeFault, shapeWords } from './shape-words.ts'

/** One schema a member: none forgotten, none that the type does not have. */
type Members<T> = Record<keyof T, z.ZodType>

const words = z.string().trim().min(1, 'must not be empty')
const json = z.json()
const path = z.string().regex(/^[\w-]+(\.[\w-]+){0,5}$/, 'is not a dotted path of at most six members')

const facts = { size: words.optional(), stated: path.optional(), more: path.optional() }
const paging = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('page'), page: words, first: z.int().min(0).max(1), ...facts }),
  z.strictObject({ kind: z.literal('offset'), offset: words, ...facts }),
  z.strictObject({ kind: z.literal('cursor'), cursor: words, next: path }),
  z.strictObject({ kind: z.literal('link'), next: path.optional() }),
])

const answers = z
  .union([
    z.literal(false),
    z.strictObject({
      budget: z.int().min(1000).max(10_000_000).optional(),
      rows: z.union([z.string(), z.literal(false)]).optional(),
      total: words.optional(),
      paging: z.union([paging, z.literal(false)]).optional(),
      summary: z.array(words).min(1).optional(),
      fields: z.literal(false).optional(),
      formats: z.literal(false).optional(),
    } satisfies Members<AnswerDeclaration>),
  ])
  .optional()

export const toolShape = z.strictObject({
  operation: words,
  title: words,
  description: words.optional(),
  arguments: z.record(z.string(), words).optional(),
  omit: z.array(z.string()).optional(),
  resource: z
    .union([z.boolean(), z.strictObject({ uri: words })], 'must be true, or an object with the member uri')
    .optional(),
  headers: z.record(z.string(), words).optional(),
  answers,
} satisfies Members<ToolDeclaration>)

const knowledge = z.strictObject({
  list: words,
  query: words,
  rows: path.optional(),
  get: words,
  id: words,
  record: path.optional(),
  idField: path.optional(),
  title: words,
  url: words,
  updated: path.optional(),
  date: path.optional(),
  results: z.number().int().min(1).max(100).optional(),
} satisfies Members<KnowledgeDeclaration>)

export const namespaceShape = z.strictObject({
  title: words,
  description: words,
  scope: words.optional(),
  defaults: z.record(z.string(), json).optional(),
  answers,
  tools: z.record(z.string(), toolShape).refine((tools) => Object.keys(tools).length > 0, 'holds no tool'),
  knowledge: knowledge.optional(),
} satisfies Members<NamespaceDeclaration>)

const promptArgument = z.strictObject({
  description: words,
  required: z.boolean().optional(),
  values: z.array(words).min(1).optional(),
})

const attachment = z.strictObject({
  tool: words,
  arguments: z.record(z.string(), json).optional(),
} satisfies Members<AttachmentDeclaration>)

const prompt = z.strictObject({
  title: words,
  description: words,
  arguments: z.record(z.string(), promptArgument).optional(),
  text: words,
  tools: z.array(z.string()),
  attach: z.array(attachment).optional(),
} satisfies Members<PromptDeclaration>)

export const declarationShape = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]{1,15}$/, 'does not match ^[a-z][a-z0-9-]{1,15}$'),
  title: words,
  description: words,
  server: z.string().optional(),
  toolNames: z.enum(['dotted', 'underscore', 'auto']).optional(),
  upstreamErrors: z.enum(['result', 'jsonrpc']).optional(),
  credentialOrigins: z.array(z.string()).optional(),
  access: accessShape,
  scopes: z.record(z.string(), words).optional(),
  ready: words.optional(),
  answers,
  namespaces: z
    .record(z.string(), namespaceShape)
    .refine((all) => Object.keys(all).length > 0, 'holds no namespace'),
  prompts: z.record(z.string(), prompt).optional(),
  discovery: z.boolean().optional(),
} satisfies Members<Declaration>)

/** Each member that is missing, misspelt or of another type, by its path; empty where the declaration is one. */
export function shapeFaults(given: unknown): string[] {
  const { error } = declarationShape.safeParse(given, { error: shapeWords })
  return error?.issues.flatMap(shapeFault) ?? []
}
