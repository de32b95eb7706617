/** The shape of a declaration, for those who write it in plain JavaScript: a misspelt or missing member is a fault. */
import { z } from 'zod'
import { accessShape } from './access-shape.ts'
import { answersShape, dottedPath } from './answer-shape.ts'
import type {
  AttachmentDeclaration,
  Declaration,
  KnowledgeDeclaration,
  NamespaceDeclaration,
  PromptArgument,
  PromptDeclaration,
  ResourcesDeclaration,
  ToolDeclaration,
} from './declaration.ts'
import { shapeFault, shapeWords } from './shape-words.ts'

/** One schema a member: none forgotten, none that the type does not have. */
type Members<T> = Record<keyof T, z.ZodType>

const words = z.string().trim().min(1, 'must not be empty')
const json = z.json()
/** What a tool may be called at all (MCP 2025-11-25, tool names): an alias is never listed, so no client has to like it. */
const alias = z.string().regex(/^[\w.-]{1,128}$/, 'is no name that a tool can have')

export const toolShape = z.strictObject({
  operation: words,
  title: words,
  aliases: z.array(alias).optional(),
  description: words.optional(),
  arguments: z.record(z.string(), words).optional(),
  omit: z.array(z.string()).optional(),
  resource: z
    .union([z.boolean(), z.strictObject({ uri: words })], 'must be true, or an object with the member uri')
    .optional(),
  headers: z.record(z.string(), words).optional(),
  answers: answersShape,
} satisfies Members<ToolDeclaration>)

const knowledge = z.strictObject({
  list: words,
  query: words,
  rows: dottedPath.optional(),
  get: words,
  id: words,
  record: dottedPath.optional(),
  idField: dottedPath.optional(),
  title: words,
  url: words,
  updated: dottedPath.optional(),
  date: dottedPath.optional(),
  results: z.number().int().min(1).max(100).optional(),
} satisfies Members<KnowledgeDeclaration>)

export const namespaceShape = z.strictObject({
  title: words,
  description: words,
  scope: words.optional(),
  defaults: z.record(z.string(), json).optional(),
  answers: answersShape,
  tools: z.record(z.string(), toolShape).refine((tools) => Object.keys(tools).length > 0, 'holds no tool'),
  knowledge: knowledge.optional(),
} satisfies Members<NamespaceDeclaration>)

const promptArgument = z.strictObject({
  description: words,
  required: z.boolean().optional(),
  values: z
    .union(
      [z.array(words).min(1), z.strictObject({ tool: words, argument: words })],
      'must be a list of values, or an object with the members tool and argument',
    )
    .optional(),
} satisfies Members<PromptArgument>)

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
  routes: z.record(z.string(), words).optional(),
  attach: z.array(attachment).optional(),
} satisfies Members<PromptDeclaration>)

const resources = z.strictObject({
  allowPrefixes: z.array(z.string()),
} satisfies Members<ResourcesDeclaration>)

export const declarationShape = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]{1,15}$/, 'does not match ^[a-z][a-z0-9-]{1,15}$'),
  title: words,
  description: words,
  server: z.string().optional(),
  toolNames: z.enum(['dotted', 'underscore', 'auto']).optional(),
  upstreamErrors: z.enum(['result', 'jsonrpc']).optional(),
  offersSince: z.enum(['2024-11-05', '2025-03-26', '2025-06-18', '2025-11-25', '2026-07-28']).optional(),
  credentialOrigins: z.array(z.string()).optional(),
  access: accessShape,
  scopes: z.record(z.string(), words).optional(),
  ready: words.optional(),
  answers: answersShape,
  namespaces: z
    .record(z.string(), namespaceShape)
    .refine((all) => Object.keys(all).length > 0, 'holds no namespace'),
  resources: resources.optional(),
  prompts: z.record(z.string(), prompt).optional(),
  discovery: z.boolean().optional(),
} satisfies Members<Declaration>)

/** Each member that is missing, misspelt or of another type, by its path; empty where the declaration is one. */
export function shapeFaults(given: unknown): string[] {
  const { error } = declarationShape.safeParse(given, { error: shapeWords })
  return error?.issues.flatMap(shapeFault) ?? []
}
