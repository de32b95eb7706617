/** Every argument travels exactly as OpenAPI 3.1 (4.8.12.2.1) prescribes, and no value leaves its place. */
import { describe, expect, it } from 'vitest'
import type { Json } from '../../src/json.ts'
import { plan } from '../../src/tools/plan.ts'
import type { Parameter, Style, Tool } from '../../src/tools/tool.ts'

const DEFAULT_STYLE = {
  path: 'simple',
  query: 'form',
  querystring: 'form',
  header: 'simple',
  cookie: 'form',
} as const

function toolOf(path: string, parameters: (Partial<Parameter> & Pick<Parameter, 'in' | 'name'>)[]): Tool {
  return {
    name: 'colors.get',
    namespace: 'colors',
    title: 'Get a color',
    description: 'One color.',
    scopes: [],
    inputSchema: { type: 'object', properties: {} },
    operation: 'getColor',
    path,
    parameters: parameters.map((parameter) => ({
      argument: parameter.name,
      style: DEFAULT_STYLE[parameter.in],
      explode: parameter.in === 'query' || parameter.in === 'cookie',
      allowReserved: false,
      ...parameter,
    })),
    defaults: {},
    accept: 'application/json',
    produces: ['application/json'],
  }
}

/** What one argument called `name` becomes: the target, a header's line, or the reason why it was not sent. */
function sent(
  path: string,
  parameter: Partial<Parameter> & Pick<Parameter, 'in' | 'name'>,
  value: Json,
): string {
  const planned = plan(toolOf(path, [parameter]), { [parameter.name]: value })
  if (!planned.ok) return planned.problem
  const { target, headers } = planned.plan
  const lines = Object.entries(headers).filter(([name]) => name !== 'accept')
  return [target, ...lines.map(([name, line]) => `${name}: ${line}`)].join(' ')
}

const STRING = 'blue'
const ARRAY = ['blue', 'black', 'brown']
const OBJECT = { R: 100, G: 200, B: 150 }

describe('the table of styles', () => {
  const rows: [Style, boolean, string, string, string][] = [
    ['matrix', false, ';color=blue', ';color=blue,black,brown', ';color=R,100,G,200,B,150'],
    ['matrix', true, ';color=blue', ';color=blue;color=black;color=brown', ';R=100;G=200;B=150'],
    ['label', false, '.blue', '.blue,black,brown', '.R,100,G,200,B,150'],
    ['label', true, '.blue', '.blue.black.brown', '.R=100.G=200.B=150'],
    ['simple', false, 'blue', 'blue,black,brown', 'R,100,G,200,B,150'],
    ['simple', true, 'blue', 'blue,black,brown', 'R=100,G=200,B=150'],
  ]
  it.each(rows)('path, %s, explode %s', (style, explode, string, array, object) => {
    const parameter = { in: 'path', name: 'color', style, explode } as const
    expect([STRING, ARRAY, OBJECT].map((value) => sent('/p/{color}/tail', parameter, value))).toEqual(
      [string, array, object].map((segment) => `/p/${segment}/tail`),
    )
  })

  const queries: [Style, boolean, string, string, string][] = [
    ['form', false, 'color=blue', 'color=blue,black,brown', 'color=R,100,G,200,B,150'],
    ['form', true, 'color=blue', 'color=blue&color=black&color=brown', 'R=100&G=200&B=150'],
    [
      'spaceDelimited',
      false,
      'color=blue',
      'color=blue%20black%20brown',
      'color=R%20100%20G%20200%20B%20150',
    ],
    ['spaceDelimited', true, 'color=blue', 'color=blue&color=black&color=brown', 'R=100&G=200&B=150'],
    ['pipeDelimited', false, 'color=blue', 'color=blue%7Cblack%7Cbrown', 'color=R%7C100%7CG%7C200%7CB%7C150'],
    ['pipeDelimited', true, 'color=blue', 'color=blue&color=black&color=brown', 'R=100&G=200&B=150'],
    [
      'deepObject', true, 'color=blue', 'color%5B0%5D=blue&color%5B1%5D=black&color%5B2%5D=brown',
      'color%5BR%5D=100&color%5BG%5D=200&color%5BB%5D=150',
    ], // biome-ignore format: one row
  ]
  it.each(queries)('query, %s, explode %s', (style, explode, string, array, object) => {
    const parameter = { in: 'query', name: 'color', style, explode } as const
    expect([STRING, ARRAY, OBJECT].map((value) => sent('/p', parameter, value))).toEqual(
      [string, array, object].map((query) => `/p?${query}`),
    )
  })

  it.each([
    ['header', false, 'blue', 'blue,black,brown', 'R,100,G,200,B,150'],
    ['header', true, 'blue', 'blue,black,brown', 'R=100,G=200,B=150'],
    ['cookie', false, 'color=blue', 'color=blue,black,brown', 'color=R,100,G,200,B,150'],
    ['cookie', true, 'color=blue', 'color=blue; color=black; color=brown', 'R=100; G=200; B=150'],
  ] as const)('%s, explode %s', (place, explode, string, array, object) => {
    const parameter = { in: place, name: 'color', explode } as const
    const name = place === 'cookie' ? 'cookie' : 'color'
    expect([STRING, ARRAY, OBJECT].map((value) => sent('/p', parameter, value))).toEqual(
      [string, array, object].map((line) => `/p ${name}: ${line}`),
    )
  })
})

type Case = [string, string, Partial<Parameter> & Pick<Parameter, 'in' | 'name'>, Json, string]

describe('the cases that no peer sends right', () => {
  const rows: Case[] = [
    ['1 path simple, object', '/simple/{o}', { in: 'path', name: 'o', explode: true }, { role: 'admin', firstName: 'Alex' }, '/simple/role=admin,firstName=Alex'],
    ['2a form array', '/form-exploded', { in: 'query', name: 'formTrue' }, ['blue', 'black'], '/form-exploded?formTrue=blue&formTrue=black'],
    ['2b form array, joined', '/form-joined', { in: 'query', name: 'formFalse', explode: false }, ['blue', 'black'], '/form-joined?formFalse=blue,black'],
    ['3 pipeDelimited', '/pipe', { in: 'query', name: 'pipeList', style: 'pipeDelimited', explode: false }, ['blue', 'black'], '/pipe?pipeList=blue%7Cblack'],
    ['4 spaceDelimited', '/space', { in: 'query', name: 'spaceList', style: 'spaceDelimited', explode: false }, ['blue', 'black'], '/space?spaceList=blue%20black'],
    ['5 deepObject', '/deep', { in: 'query', name: 'deepFlat', style: 'deepObject' }, { min: 1, max: 5 }, '/deep?deepFlat%5Bmin%5D=1&deepFlat%5Bmax%5D=5'],
    ['6 deepObject, nested', '/deep-nested', { in: 'query', name: 'deepNest', style: 'deepObject' }, { price: { gte: 10 } }, '/deep-nested?deepNest%5Bprice%5D%5Bgte%5D=10'],
    ['7 matrix', '/matrix/{matrixList}', { in: 'path', name: 'matrixList', style: 'matrix', explode: true }, ['blue', 'black'], '/matrix/;matrixList=blue;matrixList=black'],
    ['8 label', '/label/{l}', { in: 'path', name: 'l', style: 'label', explode: true }, ['blue', 'black'], '/label/.blue.black'],
    ['9 header array', '/head', { in: 'header', name: 'X-Head-List' }, [1, 2], '/head x-head-list: 1,2'],
    ['10 cookie', '/cookie', { in: 'cookie', name: 'cookieView' }, 'compact', '/cookie cookie: cookieView=compact'],
    ['11 allowReserved', '/reserved', { in: 'query', name: 'reservedText', allowReserved: true }, 'a/b:c,d', '/reserved?reservedText=a/b:c,d'],
    ['12 content JSON', '/json', { in: 'query', name: 'jsonFilter', content: 'application/json' }, { state: 'open', limit: 5 }, '/json?jsonFilter=%7B%22state%22%3A%22open%22%2C%22limit%22%3A5%7D'],
    ['x1 a slash', '/segment/{s}/tail', { in: 'path', name: 's' }, '../admin?x=1#y', '/segment/..%2Fadmin%3Fx%3D1%23y/tail'],
    ['x2 ..', '/dots/{d}/tail', { in: 'path', name: 'd' }, '..', 'd would make the path segment "..", which leads out of its place in the address; give another value'],
    ['x3 a comma inside a value', '/comma', { in: 'query', name: 'commaList', explode: false }, ['a,b', 'c'], '/comma?commaList=a%2Cb,c'],
  ] // biome-ignore format: one row a line
  it.each(rows)('%s', (_, path, parameter, value, expected) => {
    expect(sent(path, parameter, value)).toBe(expected)
  })
})

describe('values at the edge', () => {
  const q = { in: 'query', name: 'q' } as const
  const rows: Case[] = [
    ['empty', '/p', q, '', '/p?q='],
    ['an empty array', '/p', q, [], '/p'],
    ['an empty array, joined', '/p', { ...q, explode: false }, [], '/p'],
    ['null in an array', '/p', { ...q, explode: false }, ['a', null, 'b'], 'q must not hold null, which form cannot write; leave it out'],
    ['null in JSON', '/p', { ...q, content: 'application/json' }, [null], '/p?q=%5Bnull%5D'],
    ['false and zero', '/p', q, [false, 0], '/p?q=false&q=0'],
    ['an object inside an array', '/p', q, [{ a: 1 }], '/p?q=%7B%22a%22%3A1%7D'],
    ['reserved characters', '/p', q, ":/?#[]@!$&'()*+,;=", '/p?q=%3A%2F%3F%23%5B%5D%40%21%24%26%27%28%29%2A%2B%2C%3B%3D'],
    ['reserved characters, allowed', '/p', { ...q, allowReserved: true }, ":/?#[]@!$&'()*+,;=", '/p?q=:/?%23%5B%5D@!$%26%27()*%2B,%3B='],
    ['percent, allowed', '/p', { ...q, allowReserved: true }, '%26', '/p?q=%2526'],
    ['a plus and a space', '/p', q, '+ ', '/p?q=%2B%20'],
    ['an emoji', '/p', q, '😀', '/p?q=%F0%9F%98%80'],
    ['a lone surrogate', '/p', q, '\ud800', 'q must not hold half a character (a lone surrogate); leave it out'],
    ['CR LF in a query', '/p', q, '\r\nX: y', '/p?q=%0D%0AX%3A%20y'],
    ['CR LF in a header', '/p', { in: 'header', name: 'X-A' }, 'a\r\nX: y', 'X-A must be printable ASCII: it is sent as a header; leave the other characters out'],
    ['an emoji in a header', '/p', { in: 'header', name: 'X-A' }, '😀', 'X-A must be printable ASCII: it is sent as a header; leave the other characters out'],
    ['CR LF in a cookie', '/p', { in: 'cookie', name: 'c' }, 'a\r\n; d=e', '/p cookie: c=a%0D%0A%3B%20d%3De'],
    ['a name that needs escaping', '/p', { in: 'query', name: 'a[]&b' }, 'x', '/p?a%5B%5D%26b=x'],
    ['a key that needs escaping', '/p', { ...q, style: 'deepObject' }, { '&=#': 1 }, '/p?q%5B%26%3D%23%5D=1'],
    ['%2e%2e in a path', '/p/{s}/t', { in: 'path', name: 's' }, '%2e%2e', '/p/%252e%252e/t'],
    ['a backslash in a path', '/p/{s}/t', { in: 'path', name: 's' }, '..\\..', '/p/..%5C../t'],
    ['.. in a query', '/p', q, '../..', '/p?q=..%2F..'],
    ['. in a path', '/p/{s}/t', { in: 'path', name: 's' }, '.', 's would make the path segment ".", which leads out of its place in the address; give another value'],
    ['an empty path value', '/p/{s}/t', { in: 'path', name: 's' }, '', 's must not be empty: it is part of the address'],
    ['an empty matrix value', '/p/{s}/t', { in: 'path', name: 's', style: 'matrix' }, '', '/p/;s/t'],
    ['an array of ..', '/p/{s}/t', { in: 'path', name: 's' }, ['..'], 's would make the path segment "..", which leads out of its place in the address; give another value'],
    ['a template that climbs by itself', '/p/%2E./{s}', { in: 'path', name: 's' }, 'x', 'the path would make the path segment "%2E.", which leads out of its place in the address; give another value'],
    ['an empty label', '/p/{s}/t', { in: 'path', name: 's', style: 'label' }, '', 's would make the path segment ".", which leads out of its place in the address; give another value'],
    ['a label of .', '/p/{s}/t', { in: 'path', name: 's', style: 'label' }, '.', 's would make the path segment "..", which leads out of its place in the address; give another value'],
  ] // biome-ignore format: one row a line
  it.each(rows)('%s', (_, path, parameter, value, expected) => {
    expect(sent(path, parameter, value)).toBe(expected)
  })

  it('two dots from two values do not meet', () => {
    const parameters = [
      { in: 'path', name: 'a', style: 'label' } as const,
      { in: 'path', name: 'b' } as const,
    ]
    expect(plan(toolOf('/p/{a}{b}/t', parameters), { a: '', b: '.' })).toMatchObject({ ok: false })
    expect(plan(toolOf('/p/.{b}/t', [parameters[1]!]), { b: '.' })).toMatchObject({ ok: false })
    const [a, b] = [
      { in: 'path', name: 'a', style: 'label' } as const,
      { in: 'path', name: 'b', style: 'label' } as const,
    ]
    expect(plan(toolOf('/p/{a}{b}/t', [a, b]), { a: [], b: [] })).toMatchObject({ ok: false })
  })

  // Percent-encoded or not, the server splits here after decoding, so the value would arrive as two.
  it.each([
    [
      'a space in a spaceDelimited item',
      { in: 'query', name: 'q', style: 'spaceDelimited', explode: false },
      ['a b', 'c'],
    ],
    [
      'a pipe in a pipeDelimited item',
      { in: 'query', name: 'q', style: 'pipeDelimited', explode: false },
      ['a|b', 'c'],
    ],
    ['a comma in a header item', { in: 'header', name: 'q' }, ['a,b', 'c']],
  ] as const)('a delimiter that cannot be escaped is refused: %s', (_, parameter, value) => {
    expect(plan(toolOf('/p', [parameter]), { q: [...value] })).toMatchObject({ ok: false })
  })

  it('an inherited name is no argument', () => {
    const planned = plan(toolOf('/p', [{ in: 'query', name: 'constructor' }]), {})
    expect(planned).toEqual({ ok: true, plan: { target: '/p', headers: { accept: 'application/json' } } })
  })
})
