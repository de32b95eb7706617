/** What the corpus is counted by: without the compiler, by reason, and against the snapshot, number by number. */
import { describe, expect, it } from 'vitest'
import type { Tool } from '../../src/tools/tool.ts'
import { count } from '../corpus/counted.ts'
import type { Outcome } from '../corpus/pool.ts'
import { whyStuck } from '../corpus/sample.ts'
import { faults, report } from '../corpus/table.ts'
import { differences, totalsOf, unquoted } from '../corpus/totals.ts'

const query = (name: string) => ({ name, in: 'query' })

describe('a count', () => {
  it('follows references, counts a parameter once, and only those of GETs', () => {
    const document = {
      components: { parameters: { Page: query('page') } },
      paths: {
        '/a': { parameters: [query('a'), query('b')], get: { parameters: [query('b'), null] }, post: {} },
        '/b': { $ref: '#/paths/~1a' },
        '/c': { get: { parameters: [{ $ref: '#/components/parameters/Page' }, { $ref: '#/nowhere' }] } },
        '/d': { get: null, post: {} },
        '/e': { $ref: '#/paths/~1e' },
        '/f': null,
      },
    }
    expect(count(document)).toEqual({ gets: 3, documented: 5 })
    expect(count({})).toEqual({ gets: 0, documented: 0 })
  })
})

describe('a tool is stuck', () => {
  const tool = (path: string, over: Partial<Tool['parameters'][number]> = {}): Tool => ({
    ...{ name: 'a.b', namespace: 'a', title: 'A', description: 'A.', scopes: [], operation: 'GET /a', path },
    ...{ defaults: {}, accept: '*/*', produces: [] },
    inputSchema: { type: 'object', properties: { id: { type: 'string' } }, required: ['id'] },
    parameters: [
      { argument: 'id', name: 'id', in: 'path', style: 'simple', explode: false, allowReserved: false, allowEmptyValue: false, ...over },
    ],
  }) // biome-ignore format: a tool

  it.each([
    ['not at all', tool('/a/{id}'), undefined],
    ['where the path keeps a template', tool('/a/{id}/{other'), /the address/],
    ['where an argument is called otherwise', tool('/a/{id}', { argument: 'other' }), /required/],
    ['where its address is another host’s', tool('@elsewhere.example/{id}'), /the address/],
    ['where a header cannot be written', tool('/a', { in: 'header', name: 'a b' }), /header|a b/],
  ])('%s', (_, each, why) => {
    const found = whyStuck(each, 'https://api.example')
    if (why === undefined) expect(found).toBeUndefined()
    else expect(found).toMatch(why)
  })
})

describe('a run', () => {
  const outcome = (name: string, over: object): Outcome => ({
    document: { name, group: 'g', file: '', bytes: 1 },
    result: { gets: 2, tools: 1, documented: 3, offered: 2, skipped: [], stuck: [], findings: [], tokens: [9], ms: 5, mb: 7, ...over },
  }) // biome-ignore format: a result
  const skip = { operation: 'GET /a', reason: 'its path "/a" needs 3 more' }
  const refusal = {
    client: 'codex',
    tool: 't',
    rule: 'tuple',
    at: '/a',
    severity: 'refusal' as const,
    note: 'n',
  }
  const bad = [
    outcome('a', { skipped: [skip] }),
    outcome('b', { findings: [refusal, { ...refusal, severity: 'loss' as const }] }),
    { ...outcome('c', {}), result: { crash: 'out of memory' } },
  ]

  it('is added up by group, reason, client and rule', () => {
    const totals = totalsOf(bad)
    expect(totals.total).toMatchObject({ documents: 3, gets: 4, tools: 2, skipped: 1, lost: 1, refusals: 1, losses: 1 })
    expect(totals.groups).toEqual({ g: totals.total })
    expect(totals.crashes).toBe(1)
    expect(totals.skipped).toEqual({ 'its path … needs n more': 1 })
    expect(totals.refusals).toEqual({ 'codex tuple': 1 })
  }) // biome-ignore format: as read

  it('fails by a crash, a lost operation, a refusal, too much skipped and another number', () => {
    const totals = totalsOf(bad)
    expect(faults(totals, totals)).toEqual([
      '1 documents crashed the compiler',
      '1 operations were lost without a reason',
      '25.0 % of the operations were skipped, of at most 2 %',
      '1 refusals: codex tuple',
    ])
    const good = totalsOf([outcome('a', { tools: 2 })])
    expect(faults(good, good)).toEqual([])
    expect(faults(good, totalsOf([outcome('a', { tools: 2, offered: 3 })]))).toEqual([
      'total / offered: 3 -> 2',
      'groups / g / offered: 3 -> 2',
    ])
  })

  it('tells what became of one document', () => {
    const told = report(totalsOf(bad), bad, true)
    expect(told).toContain('CRASH c: out of memory')
    expect(told).toContain('skipped GET /a: its path "/a" needs 3 more')
    expect(told).toContain('refusal codex tuple: 1, first t /a n')
  })

  it('counts reasons without what they quote', () => {
    expect(unquoted('‘a’ at https://a.example: 1,024 of `b`')).toBe('… at …: n of …')
    expect(differences({ a: { b: 1 } }, { a: { b: 1, c: 2 } })).toEqual(['a / c: 0 -> 2'])
  })
})
