/** Members of any name speak for themselves alone: not for what a tool does not offer, nor for what its path says already. */
import { describe, expect, it } from 'vitest'
import type { Json, JsonObject } from '../../src/json.ts'
import { oneGet, sent, toolOf } from '../documents.ts'

const open = (place: string): JsonObject => ({
  name: 'any',
  in: place,
  schema: { type: 'object', additionalProperties: { type: 'string' } },
})
const components = {
  securitySchemes: {
    key: { type: 'apiKey', in: 'query', name: 'api_key' },
    session: { type: 'apiKey', in: 'cookie', name: 'sid' },
  },
}

describe('a member', () => {
  // biome-ignore format: a table
  it.each<[name: string, place: string, member: string, refused: boolean]>([
    ['of another name', 'query', 'color', false],
    ['of a name that begins so', 'query', 'api_keys', false],
    ['called as the key', 'query', 'api_key', true],
    ['called so in another case', 'query', 'API_Key', true],
    ['called so with brackets', 'query', 'api_key[]', true],
    ['called so with a bracket that stays open', 'query', 'api_key[0', true],
    ['called so as PHP reads it', 'query', 'api.key', true],
    ['called as the session', 'cookie', 'SID', true],
    ['called as the session, in another place', 'query', 'sid', false],
    ['called as what the path says', 'query', 'mode', true],
    ['called so in capitals', 'query', 'MODE', true],
    ['called as what the path says escaped', 'query', 'a b', true],
  ])('%s', (_, place, member, refused) => {
    const get = { parameters: [open(place)] }
    const tool = toolOf(oneGet(get, { components }, '/things?mode=safe&a%20b=1'))
    expect(/does not offer/.test(sent(tool, { any: { [member]: 'x' } }))).toBe(refused)
  })

  it('of a form that is the whole query cannot stand beside the query of a path', () => {
    const content = { 'application/x-www-form-urlencoded': { schema: { type: 'object' } } }
    const get = { parameters: [{ name: 'form', in: 'querystring', content }] as Json[] }
    expect(() => toolOf(oneGet(get, {}, '/things?mode=safe'))).toThrow(/is the whole query, and other/)
    expect(sent(toolOf(oneGet(get)), { form: { mode: 'safe' } })).toBe('/things?mode=safe')
  })
})
