/** The table of rules: what each asks for, and where one tool breaks it. */
import { isObject } from '../json.ts'
import { fewSpots, type ListedTool, type Spot } from './finding.ts'
import { nodesOf } from './nodes.ts'
import { NODE_RULES } from './schema-rules.ts'
import { TOOL_RULES } from './tool-rules.ts'
import { type WordRule, wordSpots } from './words.ts'

export type NameRule = 'name-characters' | 'name-length' | 'name-clash'
/** What is asked of the connector and not of one of its tools. */
export type WholeRule = 'discovery'
type SpotRule = keyof typeof NODE_RULES | keyof typeof TOOL_RULES | WordRule
export type RuleName = SpotRule | NameRule | WholeRule

/** In words, for a person who has to mend it. */
export const RULES: Record<RuleName, string> = {
  'name-characters': 'the name holds only characters that the client takes',
  'name-length': 'the name fits, with what the client puts before it',
  'name-clash': 'no two names are equal once the client has rewritten them',
  tokens: 'name, description and input schema stay below 5,000 tokens',
  'description-absent': 'the description says what the tool answers',
  'description-thin': 'the description says more than the name',
  'description-long': 'the description stays below 2 KB, where it is cut',
  'title-absent': 'a title is shown to people',
  'read-only-hint': 'readOnlyHint is true, or each call needs an approval',
  'effect-unsaid': 'readOnlyHint is true, or destructiveHint is said',
  'read-only-unsaid': 'readOnlyHint is said, whichever it is',
  hints: 'destructiveHint and openWorldHint are said, as the directories ask',
  'words-instruct': 'no words tell the model what to do, beyond what the tool is for',
  'words-tags': 'no words pose as markup of a conversation',
  'words-invisible': 'every character of the words can be seen',
  'words-fetch': 'no words send the model to an address for instructions or code',
  'words-encoded': 'no words are encoded',
  discovery: 'the tools are listed, and not hidden behind others that find, describe and call them',
  'output-root': 'the root of the output schema is of type object',
  unsaid: 'a limit that the client drops stands in the description',
  'root-type': 'the root of the input schema is of type object',
  'root-composition': 'the root of the input schema is no choice',
  'argument-key': 'an argument is named by letters, digits, _ . and -, at most 64',
  'member-key': 'a member of an argument is named so too',
  'boolean-argument': 'an argument has a schema, not true or false',
  'boolean-schema': 'every schema is an object',
  'no-type': 'every schema says its type',
  'type-list': 'every schema has one type',
  'type-unknown': 'the type is one of JSON Schema’s seven',
  'items-absent': 'an array says what its items are',
  'list-items-absent': 'so does what may be an array, on the same level',
  tuple: 'items is one schema for all of them',
  'prefix-items': 'an array does not list its items one by one',
  'draft-4-bound': 'an exclusive bound is a number',
  'keyword-type': 'each keyword holds what JSON Schema 2020-12 says',
  reference: 'nothing is referred to: schemas are written out',
  composition: 'no oneOf, allOf, not or if',
  'required-unknown': 'what is required is one of the properties',
  'enum-empty': 'an enum has values',
  'enum-type': 'the values of an enum have the type of its schema',
  'enum-blank': 'no value of an enum is empty',
  'enum-not-text': 'the values of an enum are strings',
  'default-type': 'the default has the type of its schema',
  'default-unlisted': 'the default is one of the values',
  'pattern-invalid': 'a pattern is a regular expression of ECMA-262',
  'pattern-refused': 'a pattern is one that Python’s re compiles, without looking ahead or behind',
}

/** Where `tool` breaks each rule that looks at one tool alone. */
export function spotsOf(tool: ListedTool, tokens: number): Map<RuleName, Spot[]> {
  const nodes = nodesOf(tool.inputSchema ?? null)
  const whole = Object.entries(TOOL_RULES).map(
    ([rule, find]) => [rule, find({ tool, nodes, tokens })] as const,
  )
  const inside = Object.entries(NODE_RULES).map(([rule, find]) => {
    const spots = fewSpots(nodes, (node) =>
      find(node, isObject(node.schema) ? node.schema : {}).map((note) => ({ at: node.at, note })),
    )
    return [rule, spots] as const
  })
  return new Map(
    [...whole, ...inside, ...wordSpots(tool, nodes)]
      .filter(([, spots]) => spots.length > 0)
      .map(([rule, spots]) => [rule as RuleName, fewSpots(spots, (spot) => [spot])]),
  )
}
