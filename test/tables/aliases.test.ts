/** A tool is called by its aliases too, in either form; none is listed, and none may be another tool's name to any client. */
import { describe, expect, it } from 'vitest'
import { compile } from '../../src/connector/compile.ts'
import type { Declaration } from '../../src/connector/declaration.ts'
import { StartError } from '../../src/errors.ts'
import { createServer } from '../../src/mcp/server.ts'
import type { Ports } from '../../src/ports.ts'
import { readSettings } from '../../src/settings.ts'
import { documentOf } from '../documents.ts'

const get = (operationId: string) => ({ get: { operationId, summary: 'Boats.' } })
const document = documentOf({ '/boats': get('listBoats'), '/boats/one': get('getBoat') })

/** The tools `boats.list` and `boats.get` with their aliases. */
function declarationOf(list?: unknown, one?: unknown): Declaration {
  const tool = (operation: string, aliases: unknown) => ({
    operation,
    title: 'Boats',
    ...(aliases !== undefined && { aliases: aliases as string[] }),
  })
  const tools = { list: tool('listBoats', list), get: tool('getBoat', one) }
  return {
    name: 'boats',
    title: 'Boats',
    description: 'Boats.',
    access: { type: 'none' },
    namespaces: { boats: { title: 'Boats', description: 'Boats.', tools } },
  }
}

function faultsOf(declaration: Declaration): readonly string[] {
  try {
    compile(declaration, document)
    return []
  } catch (error) {
    expect(error).toBeInstanceOf(StartError)
    return (error as StartError).faults
  }
}

describe('an alias', () => {
  const LIST = 'a name of boats.list'
  const rows: [string, unknown, unknown, string[]][] = [
    ['of its own', ['get_boats', 'old.boats-list'], ['get_boat'], []],
    ['in a form of its tool’s own name', ['boats_list', 'Boats-List'], undefined, []],
    ['twice on one tool', ['get_boats', 'get.boats'], undefined, []],
    ['of 128 characters', ['a'.repeat(128)], undefined, []],
    ['that is another tool', undefined, ['boats.list'], [`boats.get: the alias boats.list is ${LIST}`]],
    ['that is another tool, underscored', undefined, ['boats_list'], [`boats.get: the alias boats_list is ${LIST}`]],
    ['that is a later tool', ['boats_get'], undefined, ['boats.list: the alias boats_get is a name of boats.get']],
    ['that folds to another tool', undefined, ['Boats-LIST'], [`boats.get: the alias Boats-LIST is ${LIST}`]],
    ['of two tools', ['boats'], ['boats'], [`boats.get: the alias boats is ${LIST}`]],
    ['that folds to one of another tool', ['get_all'], ['x', 'Get.All'], [`boats.get: the alias Get.All is ${LIST}`]],
    ['of Object', ['constructor'], ['__proto__'], []],
    ['that is empty', [''], undefined, ['namespaces.boats.tools.list.aliases.0 is no name that a tool can have']],
    ['with a slash', ['boats/list'], undefined, ['namespaces.boats.tools.list.aliases.0 is no name that a tool can have']],
    ['of 129 characters', ['a'.repeat(129)], undefined, ['namespaces.boats.tools.list.aliases.0 is no name that a tool can have']],
    ['that is no list', 'boats', undefined, ['namespaces.boats.tools.list.aliases must be a list']],
  ] // biome-ignore format: one row a line
  it.each(['search', 'fetch', 'tools.find', 'Tools-Call', 'tools_describe'])('%s is one where Lectern has no such tool', (name) => {
    expect(faultsOf(declarationOf([name]))).toEqual([])
    const declaration = { ...declarationOf([name]), discovery: true }
    const [boats] = Object.values(declaration.namespaces)
    boats!.knowledge = { list: 'list', query: 'q', get: 'get', id: 'id', title: '{name}', url: 'https://boats.example/{id}' }
    expect(faultsOf(declaration)).toContain(`boats.list: the alias ${name} is a tool of Lectern’s own`)
  }) // biome-ignore format: as read

  it.each(rows)('%s', (_, list, one, faults) => {
    expect(faultsOf(declarationOf(list, one))).toEqual(faults)
  })
})

describe('a call', () => {
  const catalog = compile(declarationOf(['get_boats', 'v1.boats.all'], ['constructor']), document)
  const { tools, views } = createServer(catalog, readSettings({}), {} as Ports)

  it.each([
    ['boats.list', 'boats.list'],
    ['boats_list', 'boats.list'],
    ['get_boats', 'boats.list'],
    ['v1.boats.all', 'boats.list'],
    ['v1_boats_all', 'boats.list'],
    ['constructor', 'boats.get'],
    ['Get_boats', undefined],
    ['get.boats', undefined],
    ['toString', undefined],
  ])('of %s finds %s', (called, name) => expect(tools.get(called)?.name).toBe(name))

  it('is offered by the name alone', () => {
    const { names, listing } = views({ scopes: 'all', headers: {} })
    expect([...names]).toEqual(['boats.list', 'boats.get'])
    expect(new TextDecoder().decode(listing)).not.toMatch(/alias|get_boats|v1|constructor/)
  })
})
