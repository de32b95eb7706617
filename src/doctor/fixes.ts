/** The table of fixes: what to do about a breach of each rule, in words for whoever owns the connector. */
import type { RuleName } from './rules.ts'

const TYPE_IT = 'give that schema a type; where any value is right, list the types that occur'
const OUTPUT = 'describe an object there: put a list into a member of it, such as items'

export const FIXES: Record<RuleName, string> = {
  'name-characters':
    'use letters, digits and _ only; with Lectern, toolNames: "underscore" or --tool-names underscore leaves the dots out',
  'name-length':
    'shorten the tool’s name (40 characters fit everywhere), or add the connector under a shorter one',
  'name-clash': 'rename one of the two, so that they differ by more than . - and _',
  tokens: 'shorten the descriptions of its arguments, leave rare arguments out, or split the tool',
  'description-absent': 'describe it: what comes back, which questions it answers, in which units',
  'description-thin':
    'say what comes back, which questions it answers and in which units, in a sentence or two',
  'description-long': 'keep what tells it from other tools in the first 1,500 characters, and cut the rest',
  'title-absent': 'give it a title of a few words, such as "List invoices"',
  'read-only-hint': 'say annotations.readOnlyHint: true, where the tool only reads',
  'effect-unsaid': 'say annotations.readOnlyHint: true where it only reads, else annotations.destructiveHint',
  'read-only-unsaid': 'say annotations.readOnlyHint: true where it only reads, else false',
  hints: 'say it, true or false; a tool that only reads one system has false for both',
  'words-instruct':
    'say what the tool answers, and leave what to do to the model; guidance belongs into prompts',
  'words-tags': 'leave the tag out, or write its name without brackets',
  'words-invisible': 'delete those characters: an editor that shows Unicode finds them',
  'words-fetch':
    'write what the model has to know into the description; a link for people may stay, without the order',
  'words-encoded': 'leave the encoded value out, or shorten the example',
  discovery: 'to be listed in a directory, list the tools themselves: narrow the connector until they fit',
  'output-root': OUTPUT,
  unsaid: 'say that limit in the description of the argument too',
  'root-type': 'write "type": "object" at the root of the input schema, even where there are no arguments',
  'root-composition': 'list all arguments under properties, and say in words which belong together',
  'argument-key': 'rename the argument (filter[state] as filter_state), and translate it back in the server',
  'member-key': 'rename the member, and translate it back in the server',
  'boolean-argument': 'write {} with a type and a description in place of true or false',
  'boolean-schema': 'write a schema with a type in place of true or false',
  'no-type': TYPE_IT,
  'type-list': 'choose one type, or write anyOf with a schema for each',
  'type-unknown': 'use string, number, integer, boolean, array, object or null; a file is a string',
  'items-absent': 'add items with the type of its elements',
  'list-items-absent': 'add items with the type of its elements, beside the list of types',
  tuple: 'write one schema under items, and say the order in words',
  'prefix-items': 'write one schema under items, and say the order in words',
  'draft-4-bound': 'write the bound itself: "exclusiveMinimum": 0 in place of "minimum": 0 with true',
  'keyword-type':
    'write the keyword as JSON Schema 2020-12 has it; required, say, is a list beside properties',
  reference: 'write the schema out in its place; cut a recursion after a level or two',
  composition: 'write anyOf in place of oneOf, merge allOf, and say what not and if mean in words',
  'required-unknown': 'add the property, or take its name out of required',
  'enum-empty': 'list the values, or take the enum away',
  'enum-type': 'write the values in the type that the schema says, or correct the type',
  'enum-blank': 'take the empty value out: leaving the argument out says the same',
  'enum-not-text': 'make it a string with the values as text, or say them in the description',
  'default-type': 'write the default in the type that the schema says',
  'default-unlisted': 'add the default to the values, or correct it',
  'pattern-invalid': 'correct the pattern, or say it in words',
  'pattern-refused': 'write it without that construct, or say it in words and leave the pattern out',
}
