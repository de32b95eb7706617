/** The rules that look at one schema of a tool's arguments. */
import { isObject, type Json, type JsonObject } from '../json.ts'
import { hasType, TYPES, wrongKeywords } from './keywords.ts'
import type { Node } from './nodes.ts'
import { isPattern, refusedPattern } from './patterns.ts'

/** What is wrong at `node`, a note each; empty where nothing is. */
export type NodeRule = (node: Node, schema: JsonObject) => string[]

const KEY = /^[a-zA-Z0-9_.-]{1,64}$/
const COMPOSITION = ['anyOf', 'oneOf', 'allOf', 'not', 'if', 'enum']
const REFERENCES = ['$ref', '$dynamicRef', '$recursiveRef']

export const NODE_RULES = {
  'root-type': ({ role }, { type }) => when(role === 'root' && type !== 'object', `type is ${told(type)}`),
  'root-composition': ({ role }, schema) => (role === 'root' ? held(schema, COMPOSITION) : []),
  'argument-key': ({ role, key }) => when(role === 'argument' && !KEY.test(key), told(key)),
  'member-key': ({ role, key }) => when(role === 'member' && !KEY.test(key), told(key)),
  'boolean-argument': ({ role, schema }) => when(role === 'argument' && !isObject(schema), told(schema)),
  'boolean-schema': ({ role, schema }) => when(role !== 'slot' && !isObject(schema), told(schema)),
  'no-type': ({ role, schema }, { type }) =>
    when(role !== 'root' && isObject(schema) && type === undefined && !typedElsewhere(schema), keys(schema)),
  'type-list': (_, { type }) => when(Array.isArray(type), told(type)),
  'type-unknown': (_, { type = [] }) =>
    [type]
      .flat()
      .filter((each) => typeof each !== 'string' || !Object.hasOwn(TYPES, each))
      .map(told),
  'items-absent': (_, schema) =>
    when(schema.type === 'array' && !Object.hasOwn(schema, 'items'), keys(schema)),
  'list-items-absent': (_, schema) =>
    when(
      Array.isArray(schema.type) && schema.type.includes('array') && !Object.hasOwn(schema, 'items'),
      keys(schema),
    ),
  tuple: (_, schema) => when(Array.isArray(schema.items), told(schema.items)),
  'prefix-items': (_, schema) => held(schema, ['prefixItems']),
  'draft-4-bound': (_, schema) =>
    ['exclusiveMinimum', 'exclusiveMaximum']
      .filter((keyword) => Object.hasOwn(schema, keyword) && typeof schema[keyword] !== 'number')
      .map((keyword) => `${keyword} is ${told(schema[keyword])}`),
  'keyword-type': (_, schema) => wrongKeywords(schema),
  reference: (_, schema) => held(schema, REFERENCES),
  composition: (_, schema) => held(schema, ['oneOf', 'allOf', 'not', 'if']),
  'required-unknown': (_, { required, properties }) =>
    list(required)
      .filter(
        (name) => typeof name === 'string' && !(isObject(properties) && Object.hasOwn(properties, name)),
      )
      .map(told),
  'enum-empty': (_, schema) => when(Array.isArray(schema.enum) && schema.enum.length === 0, 'no value'),
  'enum-type': (_, schema) => {
    const others = list(schema.enum).filter((value) => !hasType(schema, value))
    return when(others.length > 0, told(others))
  },
  'enum-blank': (_, schema) => when(list(schema.enum).includes(''), 'an empty value'),
  'enum-not-text': (_, schema) => {
    const others = list(schema.enum).filter((value) => typeof value !== 'string')
    return when(others.length > 0, told(others))
  },
  'default-type': (_, schema) =>
    when(schema.default !== undefined && !hasType(schema, schema.default), told(schema.default)),
  'default-unlisted': (_, { default: preset, enum: values }) =>
    when(preset !== undefined && Array.isArray(values) && !values.includes(preset), told(preset)),
  'pattern-invalid': (_, { pattern }) =>
    when(typeof pattern === 'string' && !isPattern(pattern), told(pattern)),
  'pattern-refused': (_, { pattern }) => {
    const why = typeof pattern === 'string' ? refusedPattern(pattern) : undefined
    return why === undefined ? [] : [`${told(pattern)} ${why}`]
  },
} satisfies Record<string, NodeRule>

function when(wrong: boolean, note: string): string[] {
  return wrong ? [note] : []
}

/** A value as JSON, short enough for one line. */
function told(value: Json | undefined): string {
  const written = JSON.stringify(value) ?? 'absent'
  return written.length > 80 ? `${written.slice(0, 79).toWellFormed()}…` : written
}

function keys(schema: Json): string {
  return isObject(schema) ? told(Object.keys(schema)) : told(schema)
}

function held(schema: JsonObject, keywords: string[]): string[] {
  return keywords.filter((keyword) => Object.hasOwn(schema, keyword))
}

function list(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : []
}

/** A choice takes its types from its branches, a reference from where it points. */
function typedElsewhere(schema: JsonObject): boolean {
  return ['anyOf', 'oneOf', '$ref'].some((keyword) => Object.hasOwn(schema, keyword))
}
