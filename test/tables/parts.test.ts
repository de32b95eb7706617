/** How the address of a part is spelled: in one way, and what is said of every other; and what a part is cut down to. */
import { describe, expect, it } from 'vitest'
import { longestPath, type Namespaces, readPart, scopesAt } from '../../src/access/parts.ts'
import { resourcePath } from '../../src/access/resources.ts'
import { loadFlowtly } from '../../src/commands/flowtly.ts'
import { namespacesOf, partOf } from '../../src/connector/part.ts'

const catalog = loadFlowtly()
const namespaces = namespacesOf(catalog)
const issuer = 'https://mcp.example.com'

describe('an address', () => {
  // biome-ignore format: one address a line
  it.each<[string, string[]]>([
    ['/n/invoices/mcp', ['invoices']],
    ['/n/invoices/mcp/', ['invoices']],
    ['/n/invoices,contracts/mcp', ['invoices', 'contracts']],
    ['/n/bankAccounts,costGroups,projects/mcp', ['bankAccounts', 'costGroups', 'projects']],
    [`/n/${[...namespaces.keys()].join(',')}/mcp`, [...namespaces.keys()]],
  ])('%s names a part', (path, names) => {
    expect(readPart(path, namespaces)).toEqual({ names, path: path.replace(/\/$/, '') })
    expect(resourcePath({ issuer, namespaces }, [issuer + path])).toBe(path.replace(/\/$/, ''))
  })

  const BOTH = '/n/invoices,contracts/mcp'
  // biome-ignore format: one address a line
  it.each<[string, string, string | undefined, RegExp]>([
    ['in another order', '/n/contracts,invoices/mcp', BOTH, /in that order/],
    ['with a name twice', '/n/invoices,invoices/mcp', '/n/invoices/mcp', /each once/],
    ['with a name twice, apart', '/n/invoices,contracts,invoices/mcp', BOTH, /each once/],
    ['with an encoded comma', '/n/invoices%2Ccontracts/mcp', BOTH, /one address/],
    ['with an encoded comma in lower case', '/n/invoices%2ccontracts/mcp', BOTH, /one address/],
    ['with an encoded letter', '/n/%69nvoices/mcp', '/n/invoices/mcp', /one address/],
    ['with an empty name at the end', '/n/invoices,/mcp', '/n/invoices/mcp', /one address/],
    ['with an empty name between', '/n/invoices,,contracts/mcp', BOTH, /one address/],
    ['in other letters', '/n/Invoices/mcp', '/n/invoices/mcp', /one address/],
    ['in other letters, twice', '/n/bankaccounts,BANKACCOUNTS/mcp', '/n/bankAccounts/mcp', /one address/],
    ['of an unknown name', '/n/invoces/mcp', undefined, /no namespace "invoces"; did you mean invoices\?/],
    ['of a known and an unknown one', '/n/invoices,zzz/mcp', undefined, /no namespace "zzz"/],
    ['of a member of Object', '/n/constructor/mcp', undefined, /no namespace "constructor"/],
    ['of its prototype', '/n/__proto__/mcp', undefined, /no namespace "__proto__"/],
    ['of a path', '/n/invoices/contracts/mcp', undefined, /no namespace/],
    ['of encoded dots', '/n/..%2f/mcp', undefined, /no namespace/],
    ['that is broken', '/n/%zz/mcp', undefined, /no namespace "%zz"/],
    ['of a null', '/n/invoices%00/mcp', undefined, /no namespace/],
    ['of nothing', '/n//mcp', undefined, /no namespace/],
    ['without a list', '/n/mcp', undefined, /no namespace/],
    ['of commas', '/n/,,,/mcp', undefined, /no namespace/],
    ['of spaces', '/n/%20/mcp', undefined, /no namespace/],
    ['without an end', '/n/invoices', undefined, /Nothing is here/],
    ['with another end', '/n/invoices/mcp/openapi.json', undefined, /Nothing is here/],
    ['with two slashes behind', '/n/invoices/mcp//', undefined, /Nothing is here/],
    ['of thousands of commas', `/n/${','.repeat(100_000)}/mcp`, undefined, /longer than 300/],
    ['of all names many times', `/n/${[...namespaces.keys()].join(',').repeat(50)}/mcp`, undefined, /longer than 300/],
  ])('%s names none', (_, path, canonical, fault) => {
    const reading = readPart(path, namespaces)!
    expect(reading).not.toHaveProperty('names')
    expect(reading.path).toBe(canonical)
    expect('fault' in reading && reading.fault).toMatch(fault)
    expect(JSON.stringify(reading).length).toBeLessThan(400)
    expect(resourcePath({ issuer, namespaces }, [issuer + path])).toBeUndefined()
    // What is told instead is the address of a part.
    if (canonical !== undefined) expect(readPart(canonical, namespaces)).toHaveProperty('names')
  })

  it.each(['/mcp', '/', '/N/invoices/mcp', '/nn/invoices/mcp', '/x/n/invoices/mcp', '/n'])(
    '%s is none of a part at all',
    (path) => expect(readPart(path, namespaces)).toBeUndefined(),
  )

  it('is told for names that differ in case only where one of them is meant', () => {
    const alike: Namespaces = new Map([
      ['Item', []],
      ['item', []],
      ['order', []],
    ])
    expect(readPart('/n/Item,item/mcp', alike)).toHaveProperty('names', ['Item', 'item'])
    expect(readPart('/n/ITEM/mcp', alike)).toMatchObject({ fault: expect.stringMatching(/no namespace/) })
    expect(readPart('/n/ORDER/mcp', alike)).toMatchObject({ path: '/n/order/mcp' })
  })

  it('is read at once, however long it is, and however many namespaces there are', () => {
    const many: Namespaces = new Map(Array.from({ length: 2000 }, (_, at) => [`n${at}`, []]))
    const started = performance.now()
    for (let at = 0; at < 100; at++) readPart(`/n/${'x,'.repeat(1_000_000)}/mcp`, many)
    for (let at = 0; at < 100; at++) readPart(`/n/${'n1,'.repeat(99)}n1/mcp`, many)
    expect(performance.now() - started).toBeLessThan(2000)
  })

  it('is weighed for sign-in as the longest that a part can have', () => {
    const { length } = longestPath(namespaces)
    expect(length).toBe(`/n/${[...namespaces.keys()].join(',')}/mcp`.length)
    const many: Namespaces = new Map(Array.from({ length: 2000 }, (_, at) => [`namespace${at}`, []]))
    expect(longestPath(many)).toHaveLength(300 + '/n//mcp'.length)
  })
})

describe('the scopes', () => {
  const all = Object.keys(catalog.scopes)
  it.each<[string, string[]]>([
    ['/mcp', all],
    ['/n/invoices/mcp', ['invoices:read']],
    ['/n/costGroups,taxGroups/mcp', ['settings:read']],
    ['/n/invoices,taxGroups/mcp', ['invoices:read', 'settings:read']],
    ['/n/taxGroups,invoices/mcp', []],
  ])('of %s', (path, scopes) => expect(scopesAt(path, all, namespaces)).toEqual(scopes))
})

describe('a part', () => {
  it('has the tools, scopes, sources and completions of its namespaces', () => {
    const part = partOf(catalog, ['contracts', 'projects'])
    expect(part.tools.map(({ name }) => name)).toEqual([
      'contracts.list',
      'contracts.get',
      'contracts.paymentScheduleLines',
      'projects.list',
    ])
    expect(part.namespaces.map(({ name }) => name)).toEqual(['contracts', 'projects'])
    expect(Object.keys(part.scopes)).toEqual(['contracts:read', 'projects:read'])
    expect(part.knowledge.map(({ namespace }) => namespace)).toEqual(['contracts'])
    const templates = part.tools.map(({ resource }) => resource)
    for (const template of Object.keys(part.completions.resources)) expect(templates).toContain(template)
  })

  it.each<[string[], string[]]>([
    [['invoices'], ['which_tool', 'overdue_invoices']],
    [['projects'], ['which_tool']],
    [['contracts'], ['which_tool', 'expiring_contracts']],
    [
      ['invoices', 'transactions', 'counterparties'],
      ['which_tool', 'overdue_invoices', 'client_statement', 'missing_receipts'],
    ],
  ])('of %j offers the prompts that can be followed there', (names, prompts) => {
    const part = partOf(catalog, names)
    const offered = part.prompts.map(({ name }) => name)
    expect(offered).toEqual(catalog.prompts.map(({ name }) => name).filter((name) => offered.includes(name)))
    expect(offered).toEqual(expect.arrayContaining(prompts))
    const foreign = catalog.tools.filter((tool) => !part.tools.includes(tool)).map(({ name }) => name)
    for (const prompt of part.prompts)
      for (const name of foreign) expect(JSON.stringify(prompt)).not.toContain(name)
    for (const name of Object.keys(part.completions.prompts)) expect(offered).toContain(name)
  })

  it('does not offer a prompt whose words alone name a tool of elsewhere', () => {
    const words = (text: string) => ({
      ...catalog.prompts.find(({ name }) => name === 'overdue_invoices')!,
      text,
    })
    const offered = (text: string) =>
      partOf({ ...catalog, prompts: [words(text)] }, ['invoices']).prompts.length
    expect(offered('Call invoices.list.')).toBe(1)
    expect(offered('Call invoices.list, then contracts.get.')).toBe(0)
    expect(offered('Call contracts_get')).toBe(0)
  })

  it('leaves the whole as it was', () => {
    const before = JSON.stringify(catalog)
    partOf(catalog, ['projects'])
    expect(JSON.stringify(catalog)).toBe(before)
  })

  it('is made only of namespaces that have tools', () => {
    const empty = {
      ...catalog,
      namespaces: [...catalog.namespaces, { name: 'empty', title: 'E', description: 'E' }],
    }
    expect([...namespacesOf(empty).keys()]).not.toContain('empty')
  })
})
