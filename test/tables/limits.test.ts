/** What a schema limits is said in words too, once, where a client that drops the keywords still shows them. */
import { describe, expect, it } from 'vitest'
import { described, phrase } from '../../src/document/limits.ts'
import type { Schema } from '../../src/json.ts'

describe('a limit', () => {
  const rows: [string, Schema, string | undefined][] = [
    ['none', { type: 'string' }, undefined],
    ['a date', { format: 'date' }, 'YYYY-MM-DD.'],
    ['a time of a day', { format: 'date-time' }, 'Date and time as 2026-06-30T12:00:00Z (RFC 3339).'],
    ['a time', { format: 'time' }, 'Time as 12:00:00Z (RFC 3339).'],
    ['a duration', { format: 'duration' }, 'Duration as P3DT4H (ISO 8601).'],
    ['a UUID', { format: 'uuid' }, 'UUID.'],
    ['an email address', { format: 'email' }, 'Email address.'],
    ['a URL', { format: 'uri' }, 'URL.'],
    ['a host', { format: 'hostname' }, 'Host name.'],
    ['an address', { format: 'ipv4' }, 'IPv4 address.'],
    ['a longer address', { format: 'ipv6' }, 'IPv6 address.'],
    ['bytes', { format: 'byte' }, 'Base64.'],
    ['a format that says nothing', { format: 'int32' }, undefined],
    ['a minimum', { minimum: 1 }, 'At least 1.'],
    ['a minimum of nothing', { minimum: 0 }, 'At least 0.'],
    ['a maximum', { maximum: 10 }, 'At most 10.'],
    ['both', { minimum: 1, maximum: 10 }, '1 to 10.'],
    ['both below nothing', { minimum: -10, maximum: -1 }, '-10 to -1.'],
    ['more than', { exclusiveMinimum: 0 }, 'More than 0.'],
    ['less than', { exclusiveMaximum: 1 }, 'Less than 1.'],
    ['more and less than', { exclusiveMinimum: 0, exclusiveMaximum: 1 }, 'More than 0 and less than 1.'],
    ['at least and less than', { minimum: 0, exclusiveMaximum: 1 }, 'At least 0 and less than 1.'],
    ['more than and at most', { exclusiveMinimum: 0, maximum: 1 }, 'More than 0 and at most 1.'],
    ['a multiple', { multipleOf: 0.5 }, 'A multiple of 0.5.'],
    ['a pattern', { pattern: '^a+$' }, 'Matching ^a+$.'],
    ['a pattern of 120 characters', { pattern: 'a'.repeat(120) }, `Matching ${'a'.repeat(120)}.`],
    ['a pattern that nobody would read', { pattern: 'a'.repeat(121) }, undefined],
    ['a length', { minLength: 2, maxLength: 5 }, '2 to 5 characters.'],
    ['one length', { minLength: 3, maxLength: 3 }, '3 characters.'],
    ['a least length', { minLength: 2 }, 'At least 2 characters.'],
    ['a least length that goes without saying', { minLength: 1 }, undefined],
    ['a most length', { minLength: 1, maxLength: 5 }, 'At most 5 characters.'],
    ['a pattern and a length', { pattern: '^a', maxLength: 5 }, 'Matching ^a, at most 5 characters.'],
    ['items', { minItems: 1, maxItems: 5 }, '1 to 5 items.'],
    ['one number of items', { minItems: 2, maxItems: 2 }, '2 items.'],
    ['least items', { minItems: 1 }, 'At least 1 items.'],
    ['least items that go without saying', { minItems: 0, maxItems: 5 }, 'At most 5 items.'],
    ['different items', { uniqueItems: true }, 'No item twice.'],
    ['items that may be alike', { uniqueItems: false }, undefined],
    ['a default', { default: 25 }, 'Default 25.'],
    ['a default text', { default: 'a' }, 'Default "a".'],
    ['a default that is false', { default: false }, 'Default false.'],
    ['a default list', { default: ['a'] }, 'Default ["a"].'],
    ['a default of 120 characters', { default: 'a'.repeat(118) }, `Default "${'a'.repeat(118)}".`],
    ['a default that nobody would read', { default: 'a'.repeat(119) }, undefined],
    ['all of them', { format: 'date', minimum: 1, multipleOf: 2, pattern: 'a', minItems: 1, uniqueItems: true, default: 'b' }, 'YYYY-MM-DD; at least 1; a multiple of 2; matching a; at least 1 items; no item twice; default "b".'],
    ['that of items', { type: 'array', items: { type: 'string', format: 'date' } }, 'Each YYYY-MM-DD.'],
    ['those of items', { type: 'array', maxItems: 5, items: { type: 'integer', minimum: 1, multipleOf: 2 } }, 'At most 5 items; each at least 1; each a multiple of 2.'],
    ['that of items of items', { type: 'array', items: { type: 'array', items: { type: 'integer', minimum: 1 } } }, 'Each each at least 1.'],
    ['that of items of what is no list', { type: 'string', items: { minimum: 1 } }, undefined],
    ['options, which clients keep', { enum: ['a', 'b'] }, undefined],
  ] // biome-ignore format: one row a line
  it.each(rows)('%s', (_, schema, description) => {
    expect(described(schema)).toEqual({ ...schema, ...(description !== undefined && { description }) })
  })
})

describe('beside words', () => {
  const rows: [string, Schema, string[], string | undefined][] = [
    ['it is in parentheses', { description: 'Page size.', maximum: 10 }, [], 'Page size (at most 10).'],
    ['without a full stop there is one', { description: 'Page size', maximum: 10 }, [], 'Page size (at most 10).'],
    ['space around them goes', { description: '  Page size. \n' }, [], 'Page size.'],
    ['it stands behind a question', { description: 'How many?', maximum: 10 }, [], 'How many? (at most 10).'],
    ['a title stands for a description', { title: 'Page size', maximum: 10 }, [], 'Page size (at most 10).'],
    ['a title alone is one', { title: 'Page size' }, [], 'Page size'],
    ['a description comes before a title', { title: 'Size', description: 'Page size.' }, [], 'Page size.'],
    ['what they say is not said again', { description: 'Page size, at most 10.', maximum: 10, default: 5 }, [], 'Page size, at most 10 (default 5).'],
    ['what they say is nothing to add', { description: 'A date, YYYY-MM-DD.', format: 'date' }, [], 'A date, YYYY-MM-DD.'],
    ['notes come last', { description: 'Page size.', maximum: 10, default: 5 }, ['deprecated'], 'Page size (at most 10; default 5; deprecated).'],
    ['notes alone are a sentence', {}, ['sent as a[b]', 'deprecated'], 'Sent as a[b]; deprecated.'],
    ['empty words are none', { description: ' ', maximum: 10 }, [], 'At most 10.'],
    ['empty words alone stay as they were', { description: ' ' }, [], ' '],
    ['none are made of nothing', {}, [], undefined],
  ] // biome-ignore format: one row a line
  it.each(rows)('%s', (_, schema, notes, description) => {
    expect(described(schema, notes)).toEqual({ ...schema, ...(description !== undefined && { description }) })
  })
})

describe('inside', () => {
  const limit: Schema = { type: 'integer', minimum: 1 }
  const told: Schema = { ...limit, description: 'At least 1.' }
  const rows: [string, Schema, Schema][] = [
    ['members', { type: 'object', properties: { a: limit } }, { type: 'object', properties: { a: told } }],
    ['members of members', { type: 'object', properties: { a: { type: 'object', properties: { b: limit } } } }, { type: 'object', properties: { a: { type: 'object', properties: { b: told } } } }],
    ['members of items', { type: 'array', items: { type: 'object', properties: { a: limit } } }, { type: 'array', items: { type: 'object', properties: { a: told } } }],
    ['branches', { anyOf: [limit, { type: 'string', format: 'date' }] }, { anyOf: [told, { type: 'string', format: 'date', description: 'YYYY-MM-DD.' }] }],
    ['items only, the list says it', { type: 'array', items: limit }, { type: 'array', items: limit, description: 'Each at least 1.' }],
  ] // biome-ignore format: one row a line
  it.each(rows)('%s', (_, schema, expected) => {
    expect(described(schema)).toEqual(expected)
  })

  it('notes are of the whole', () => {
    expect(described({ type: 'object', properties: { a: limit } }, ['deprecated'])).toEqual({ type: 'object', description: 'Deprecated.', properties: { a: told } }) // biome-ignore format: one call
  })

  it('nothing of what was given changes', () => {
    const schema = Object.freeze({ properties: Object.freeze({ a: Object.freeze({ ...limit }) }) })
    expect(described(schema).properties!.a).toEqual(told)
  })
})

describe('a phrase', () => {
  it.each([
    [{ type: 'string' }, 'text'],
    [{ type: 'integer' }, 'a whole number'],
    [{ type: 'number' }, 'a number'],
    [{ type: 'boolean' }, 'true or false'],
    [{ type: 'array' }, 'a list'],
    [{ type: 'object' }, 'an object'],
    [{}, ''],
    [{ type: 'integer', minimum: 1, maximum: 10 }, 'a whole number, 1 to 10'],
    [{ type: 'string', format: 'date' }, 'text, YYYY-MM-DD'],
    [{ type: 'string', enum: ['auto', 1] }, '"auto", 1'],
    [{ type: 'integer', default: 5 }, 'a whole number'],
  ] as [Schema, string][])('of %j', (schema, expected) => {
    expect(phrase(schema)).toBe(expected)
  }) // biome-ignore format: one row a line
})
