/** The thirteen cases and three traps by their bytes, what OpenAPI leaves open by what was decided, through the real server. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Definition, decode, type Shape, type Value } from './decode.ts'
import { type Offered, type Styles, startStyles } from './serving.ts'

const text: Shape = { type: 'string' }
const number: Shape = { type: 'number' }
const texts: Shape = { type: 'array', items: text }
const free: Shape = { type: 'object', additionalProperties: text }
const of = (properties: Record<string, Shape>): Shape => ({ type: 'object', properties })
const shut = (properties: Record<string, Shape>): Shape => ({
  ...of(properties),
  additionalProperties: false,
})
const json = (schema: Shape) => ({ content: { 'application/json': { schema } } })
const asForm = (schema: Shape) => ({ content: { 'application/x-www-form-urlencoded': { schema } } })
const asText = { content: { 'text/plain': { schema: text } } }
const query = { in: 'query' } as const
const path = { in: 'path' } as const
const header = { in: 'header' } as const
const cookie = { in: 'cookie' } as const

/** `sent` is the target or the header's line, byte for byte; a refusal is a pattern. */
interface Row {
  title: string
  path: string
  parameters: Offered[]
  args: Value
  sent: string | RegExp
  /** What the decoder reads, where it is not what was given. */
  read?: Value
}

type Short = [
  title: string,
  path: string,
  parameters: Offered | Offered[],
  args: Value,
  sent: string | RegExp,
  read?: Value,
]

const rows = (list: Short[]): Row[] =>
  list.map(([title, path, parameters, args, sent, read]) => ({
    title,
    path,
    parameters: [parameters].flat(),
    args,
    sent,
    ...(read !== undefined && { read }),
  }))

const prescribed = rows([
  ['1 path simple, object', '/simple/{o}', { ...path, name: 'o', explode: true, schema: of({ role: text, firstName: text }) }, { o: { role: 'admin', firstName: 'Alex' } }, '/simple/role=admin,firstName=Alex'],
  ['2a form array', '/form-exploded', { ...query, name: 'formTrue', schema: texts }, { formTrue: ['blue', 'black'] }, '/form-exploded?formTrue=blue&formTrue=black'],
  ['2b form array, joined', '/form-joined', { ...query, name: 'formFalse', explode: false, schema: texts }, { formFalse: ['blue', 'black'] }, '/form-joined?formFalse=blue,black'],
  ['3 pipeDelimited', '/pipe', { ...query, name: 'pipeList', style: 'pipeDelimited', schema: texts }, { pipeList: ['blue', 'black'] }, '/pipe?pipeList=blue%7Cblack'],
  ['4 spaceDelimited', '/space', { ...query, name: 'spaceList', style: 'spaceDelimited', schema: texts }, { spaceList: ['blue', 'black'] }, '/space?spaceList=blue%20black'],
  ['5 deepObject', '/deep', { ...query, name: 'deepFlat', style: 'deepObject', schema: of({ min: number, max: number }) }, { deepFlat: { min: 1, max: 5 } }, '/deep?deepFlat%5Bmin%5D=1&deepFlat%5Bmax%5D=5'],
  ['6 deepObject, nested', '/deep-nested', { ...query, name: 'deepNest', style: 'deepObject', schema: of({ price: of({ gte: number }) }) }, { deepNest: { price: { gte: 10 } } }, '/deep-nested?deepNest%5Bprice%5D%5Bgte%5D=10'],
  ['7 matrix', '/matrix/{matrixList}', { ...path, name: 'matrixList', style: 'matrix', explode: true, schema: texts }, { matrixList: ['blue', 'black'] }, '/matrix/;matrixList=blue;matrixList=black'],
  ['8 label', '/label/{l}', { ...path, name: 'l', style: 'label', explode: true, schema: texts }, { l: ['blue', 'black'] }, '/label/.blue.black'],
  ['9 header array', '/head', { ...header, name: 'X-Head-List', schema: { type: 'array', items: number } }, { 'X-Head-List': [1, 2] }, 'x-head-list: 1,2'],
  ['10 cookie', '/cookie', { ...cookie, name: 'cookieView', schema: text }, { cookieView: 'compact' }, 'cookie: cookieView=compact'],
  ['11 allowReserved', '/reserved', { ...query, name: 'reservedText', allowReserved: true, schema: text }, { reservedText: 'a/b:c,d' }, '/reserved?reservedText=a/b:c,d'],
  ['12 content JSON', '/json', { ...query, name: 'jsonFilter', ...json(of({ state: text, limit: number })) }, { jsonFilter: { state: 'open', limit: 5 } }, '/json?jsonFilter=%7B%22state%22%3A%22open%22%2C%22limit%22%3A5%7D'],
  ['x1 a slash', '/segment/{s}/tail', { ...path, name: 's', schema: text }, { s: '../admin?x=1#y' }, '/segment/..%2Fadmin%3Fx%3D1%23y/tail'],
  ['x2 ..', '/dots/{d}/tail', { ...path, name: 'd', schema: text }, { d: '..' }, / d would make the path segment "\.\.", which leads out/],
  ['x3 a comma inside a value', '/comma', { ...query, name: 'commaList', explode: false, schema: texts }, { commaList: ['a,b', 'c'] }, '/comma?commaList=a%2Cb,c'],
]) // biome-ignore format: one row a line

const color = (style: string, explode: boolean, schema: Shape) => ({
  ...query,
  name: 'color',
  style,
  explode,
  schema,
})
const tab = color('tabDelimited', false, texts)
const empty = { ...query, name: 'q', allowEmptyValue: true, schema: texts }
const bare = (schema: Shape, explode = true) => ({ ...cookie, name: 'c', style: 'cookie', explode, schema })

const later = rows([
  ['tsv of Swagger 2.0', '/p', tab, { color: ['blue', 'black'] }, '/p?color=blue%09black'],
  ['style cookie', '/p', bare(text), { c: 'Hello%2C%20world!' }, 'cookie: c=Hello%2C%20world!'],
  ['style cookie, list', '/p', bare(texts), { c: ['blue', 'black'] }, 'cookie: c=blue; c=black'],
  ['style cookie, object', '/p', bare(of({ R: number, G: number })), { c: { R: 100, G: 200 } }, 'cookie: R=100; G=200'],
  ['style cookie, joined', '/p', bare(texts, false), { c: ['blue', 'black'] }, 'cookie: c=blue,black'],
  ['style cookie, empty', '/p', bare(text), { c: '' }, 'cookie: c='],
  ['style form escapes for a cookie', '/p', { ...cookie, name: 'greeting', schema: text }, { greeting: 'Hello, world!' }, 'cookie: greeting=Hello%2C%20world%21'],
  ['querystring, form', '/p', { in: 'querystring', name: 'q', ...asForm(of({ foo: text, bar: { type: 'boolean' } })) }, { q: { foo: 'a + b', bar: true } }, '/p?foo=a+%2B+b&bar=true'],
  ['querystring, form of lists and objects', '/p', { in: 'querystring', name: 'q', ...asForm(of({ ids: { type: 'array', items: number }, by: of({ a: text }) })) }, { q: { ids: [1, 2], by: { a: 'x&y' } } }, '/p?ids=1&ids=2&by=%7B%22a%22%3A%22x%26y%22%7D'],
  ['querystring, JSON', '/p', { in: 'querystring', name: 'q', ...json(of({ numbers: { type: 'array', items: number }, flag: { type: 'boolean' } })) }, { q: { numbers: [1, 2], flag: true } }, '/p?%7B%22numbers%22%3A%5B1%2C2%5D%2C%22flag%22%3Atrue%7D'],
  ['querystring, text', '/p', { in: 'querystring', name: 'q', ...asText }, { q: '$.a.b[1:1]' }, '/p?%24.a.b%5B1%3A1%5D'],
  ['a form in one query parameter', '/p', { ...query, name: 'q', ...asForm(free) }, { q: { a: '1 2', b: '&' } }, '/p?q=a%3D1%2B2%26b%3D%2526'],
  ['text in a header', '/p', { ...header, name: 'X-A', ...asText }, { 'X-A': 'a, b; c' }, 'x-a: a, b; c'],
  ['JSON in a header, ASCII', '/p', { ...header, name: 'X-A', ...json(of({ a: text })) }, { 'X-A': { a: 'żó😀' } }, 'x-a: {"a":"\\u017c\\u00f3\\ud83d\\ude00"}'],
  ['JSON in a path', '/p/{p}/t', { ...path, name: 'p', ...json(of({ a: text })) }, { p: { a: '../x' } }, '/p/%7B%22a%22%3A%22..%2Fx%22%7D/t'],
  ['JSON in a cookie', '/p', { ...cookie, name: 'c', ...json(of({ a: text })) }, { c: { a: ';' } }, 'cookie: c=%7B%22a%22%3A%22%3B%22%7D'],
  ['digits as text are a number in JSON', '/p', { ...query, name: 'q', ...json(of({ n: number, s: text })) }, { q: { n: '12345678901234567890.10', s: '5' } }, '/p?q=%7B%22n%22%3A12345678901234567890.10%2C%22s%22%3A%225%22%7D', { q: { n: Number('12345678901234567890.10'), s: '5' } }],
]) // biome-ignore format: one row a line

const list = (style: string, explode: boolean) =>
  color(style, explode, { type: 'array', items: { type: 'array', items: text } })
const deep = (schema: Shape): Offered => ({ ...query, name: 'f', style: 'deepObject', schema })

const decided = rows([
  ['an empty text', '/p', { ...query, name: 'q', schema: text }, { q: '' }, '/p?q='],
  ['an empty list is nothing', '/p', color('form', true, texts), { color: [] }, '/p', {}],
  ['an empty list, joined', '/p', color('form', false, texts), { color: [] }, '/p', {}],
  ['an empty object is nothing', '/p', color('form', true, free), { color: {} }, '/p', {}],
  ['an empty deepObject is nothing', '/p', deep(free), { f: {} }, '/p', {}],
  ['an empty list in a header is no header', '/p', { ...header, name: 'X-A', schema: texts }, { 'X-A': [] }, '/p', {}],
  ['an empty list in a cookie is no cookie', '/p', { ...cookie, name: 'c', schema: texts }, { c: [] }, '/p', {}],
  ['an empty list in a path', '/p/{p}', { ...path, name: 'p', schema: texts }, { p: [] }, / p must not be empty/],
  ['an empty matrix', '/p/{p}', { ...path, name: 'p', style: 'matrix', schema: text }, { p: '' }, '/p/;p'],
  ['empty texts in an exploded matrix', '/p/{p}', { ...path, name: 'p', style: 'matrix', explode: true, schema: texts }, { p: ['', 'a'] }, '/p/;p;p=a'],
  ['empty texts in a list', '/p', color('form', false, texts), { color: ['', '', 'a'] }, '/p?color=,,a'],
  ['allowEmptyValue, an empty list', '/p', empty, { q: [] }, '/p?q='],
  ['allowEmptyValue, one empty text', '/p', empty, { q: [''] }, / q must not send "q=", which says that it is empty/],
  ['allowEmptyValue, a text', '/p', { ...empty, schema: text }, { q: '' }, '/p?q='],
  ['a list in a list, form', '/p', list('form', true), { color: [['a'], ['b', 'c']] }, '/p?color=%5B%22a%22%5D&color=%5B%22b%22%2C%22c%22%5D'],
  ['a list in a list, pipes', '/p', list('pipeDelimited', false), { color: [['a'], ['|']] }, / color must not hold "\|" in a part/],
  ['an object in an object, simple', '/p/{p}', { ...path, name: 'p', schema: of({ a: of({ b: text }) }) }, { p: { a: { b: 'c' } } }, '/p/a,%7B%22b%22%3A%22c%22%7D'],
  ['a list in deepObject', '/p', deep(of({ ids: texts })), { f: { ids: ['a', 'b'] } }, '/p?f%5Bids%5D%5B0%5D=a&f%5Bids%5D%5B1%5D=b'],
  ['a deepObject that is a list', '/p', { ...deep(texts), name: 'expand' }, { expand: ['customer'] }, '/p?expand%5B0%5D=customer'],
  ['objects in lists in deepObject', '/p', deep(of({ or: { type: 'array', items: of({ a: text, b: texts }) } })), { f: { or: [{ a: '1' }, { a: '2', b: ['x', 'y'] }] } }, '/p?f%5Bor%5D%5B0%5D%5Ba%5D=1&f%5Bor%5D%5B1%5D%5Ba%5D=2&f%5Bor%5D%5B1%5D%5Bb%5D%5B0%5D=x&f%5Bor%5D%5B1%5D%5Bb%5D%5B1%5D=y'],
  ['an empty list in deepObject', '/p', deep(of({ ids: texts, a: text })), { f: { ids: [], a: 'x' } }, / f must not be empty at "f\[ids\]"/],
  ['an empty list in a form', '/p', { in: 'querystring', name: 'q', ...asForm(of({ ids: texts })) }, { q: { ids: [] } }, / q must not be empty at "ids"/],
  ['an empty JSON object', '/p', { ...query, name: 'q', ...json(free) }, { q: {} }, '/p?q=%7B%7D'],
  ['digits as they were given', '/p', { ...query, name: 'n', schema: number }, { n: '12345678901234567890.10' }, '/p?n=12345678901234567890.10', { n: Number('12345678901234567890.10') }],
  ['a number with a dot in an exploded label', '/p/{p}', { ...path, name: 'p', style: 'label', explode: true, schema: { type: 'array', items: number } }, { p: [1.5] }, / p must not hold "\." in a part/],
  ['false and zero', '/p', color('form', false, of({ a: { type: 'boolean' }, b: number })), { color: { a: false, b: 0 } }, '/p?color=a,false,b,0'],
  ['allowReserved keeps what cannot end the value', '/p', { ...query, name: 'q', allowReserved: true, schema: text }, { q: ":/?#[]@!$&'()*+,;=%" }, '/p?q=:/?%23%5B%5D@!$%26%27()*%2B,%3B=%25'],
  ['allowReserved, a comma in a joined list', '/p', { ...color('form', false, texts), allowReserved: true }, { color: ['a,b', 'c/d'] }, '/p?color=a%2Cb,c/d'],
  ['allowReserved, a name', '/p', { ...color('form', true, free), allowReserved: true }, { color: { 'a=b?': 'c=d' } }, '/p?a%3Db%3F=c=d'],
  ['a header with a line break', '/p', { ...header, name: 'X-A', schema: text }, { 'X-A': 'a\r\nX-Evil: 1' }, / X-A must be printable ASCII/],
]) // biome-ignore format: one row a line

const page: Offered = { ...query, name: 'page', schema: text }
const opened = { ...query, name: 'filter', schema: free }
const matrix = (name: string, schema: Shape = text): Offered => ({
  ...path,
  name,
  style: 'matrix',
  explode: true,
  schema,
})
const simple = (name: string): Offered => ({ ...path, name, schema: text })
const label = (name: string): Offered => ({ ...path, name, style: 'label', schema: text })

const neighbours = rows([
  ['a member called as a neighbour', '/p', [page, opened], { filter: { page: '2' } }, / filter must not send "page", which would be read as page/],
  ['a member called as a neighbour that is not given', '/p', [opened, page], { filter: { page: '2' }, page: '3' }, / filter must not send "page"/],
  ['a member called as a bracket of a neighbour', '/p', [opened, deep(free)], { filter: { 'f[a]': '2' } }, / filter must not send "f\[a\]", which would be read as f/],
  ['two free objects that share a member', '/p', [opened, { ...opened, name: 'more' }], { filter: { a: '1' }, more: { a: '2' } }, / must not send "a", which would be read as more/],
  ['two free objects apart', '/p', [{ ...opened, schema: shut({ a: text }) }, { ...opened, name: 'more', schema: shut({ b: text }) }], { filter: { a: '1' }, more: { b: '2' } }, '/p?a=1&b=2'],
  ['two free objects, either of which takes it', '/p', [opened, { ...opened, name: 'more' }], { filter: { a: '1' } }, / filter must not send "a", which would be read as more/],
  ['a member that only one of two objects takes', '/p', [opened, { ...opened, name: 'more', schema: shut({ b: text }) }], { filter: { a: '1' }, more: { b: '2' } }, '/p?a=1&b=2', { filter: { a: '1' }, more: { b: '2' } }],
  ['a member called as its own parameter', '/p', [opened, page], { filter: { filter: 'x' }, page: '1' }, '/p?filter=x&page=1'],
  ['a name that could end another', '/p', [{ ...page, name: 'a[]&b=', argument: 'a_b' }, page], { a_b: 'x', page: '1' }, '/p?a%5B%5D%26b%3D=x&page=1', { 'a[]&b=': 'x', page: '1' }],
  ['a member called as a cookie', '/p', [bare(free), { ...cookie, name: 'sid', schema: text }], { c: { sid: 'x' } }, / c must not send "sid"/],
  ['a member called as a matrix neighbour', '/p/{a}{b}', [matrix('a', free), matrix('b')], { a: { b: 'x' }, b: 'y' }, / a must not send "b", which would be read as b/],
  ['matrix values side by side', '/p/{a}{b}', [matrix('a', free), matrix('b')], { a: { lat: '1', long: '2' }, b: 'y' }, '/p/;lat=1;long=2;b=y'],
  ['a matrix after a value', '/p/{a}{b}/t', [simple('a'), matrix('b')], { a: 'x;y', b: 'z' }, '/p/x%3By;b=z/t'],
  ['a label after a value', '/p/{a}{b}', [simple('a'), label('b')], { a: 'report', b: 'json' }, '/p/report.json'],
  ['a label after a value that holds a dot', '/p/{a}{b}', [simple('a'), label('b')], { a: 'v1.2', b: 'json' }, / a and b stand side by side/],
  ['dots assembled of a label and a value', '/p/{a}{b}/t', [label('a'), simple('b')], { a: '', b: '.' }, / a and b would make the path segment "\.\."/],
  ['dots assembled with the template', '/p/.{b}/t', simple('b'), { b: '.' }, / b would make the path segment "\.\."/],
  ['a listed value after another', '/p/{a}{b}', [simple('a'), { ...simple('b'), schema: { type: 'string', enum: ['.json', '.xml'] } }], { a: 'v1.2', b: '.json' }, '/p/v1.2.json'],
  ['two values with a dash between', '/p/{a}-{b}', [simple('a'), simple('b')], { a: 'x', b: 'y' }, '/p/x-y'],
  ['a dash in one of them', '/p/{a}-{b}', [simple('a'), simple('b')], { a: 'x-y', b: 'z' }, / a and b stand side by side/],
  ['a slash in a template’s name', '/p/{a/b}/t', { ...simple('a/b'), argument: 'a_b' }, { a_b: 'x' }, '/p/x/t', { 'a/b': 'x' }],
  ['a header twice, by case', '/p', [{ ...header, name: 'X-A', schema: text }, { ...header, name: 'x-a', schema: text }], { 'X-A': '1', 'x-a': '2' }, / x-a must not send "x-a", which would be read as X-A/],
  ['a header’s name that is none', '/p', { ...header, name: 'X A', argument: 'X_A', schema: text }, { X_A: '1' }, / X_A must not be sent: "X A" is not a name that a header can have/],
  ['a whole query beside another', '/p', [{ in: 'querystring', name: 'q', ...asText }, page], { q: 'x', page: '1' }, /whole query/],
]) // biome-ignore format: one row a line

const telephony: Pick<Offered, 'schema' | 'safe' | 'members'> = {
  schema: of({ StartTime: text, 'StartTime<': text, 'StartTime>': text }),
  safe: of({ StartTime: text, StartTime_lt: text, StartTime_gt: text }),
  members: { StartTime_lt: { name: 'StartTime<' }, StartTime_gt: { name: 'StartTime>' } },
}
const nested: Pick<Offered, 'members'> = {
  members: { by: { members: { before_after: { name: 'before/after' } } } },
}
const nestedShape = of({ by: { type: 'array', items: of({ 'before/after': text }) } })
const nestedSafe = of({ by: { type: 'array', items: of({ before_after: text }) } })
const given = { q: { by: [{ before_after: 'x' }] } }
const meant = { q: { by: [{ 'before/after': 'x' }] } }

const aliases = rows([
  ['members in a form', '/p', { ...query, name: 'q', ...telephony }, { q: { StartTime_gt: '1', StartTime: '2' } }, '/p?StartTime%3E=1&StartTime=2', { q: { 'StartTime>': '1', StartTime: '2' } }],
  ['members in deepObject', '/p', { ...query, name: 'q', style: 'deepObject', schema: nestedShape, safe: nestedSafe, ...nested }, given, '/p?q%5Bby%5D%5B0%5D%5Bbefore%2Fafter%5D=x', meant],
  ['members in JSON', '/p', { ...query, name: 'q', ...json(nestedShape), safe: nestedSafe, ...nested }, given, '/p?q=%7B%22by%22%3A%5B%7B%22before%2Fafter%22%3A%22x%22%7D%5D%7D', meant],
  ['a member under both names', '/p', { ...query, name: 'q', ...telephony, safe: { ...telephony.safe!, additionalProperties: text } }, { q: { StartTime_gt: '1', 'StartTime>': '2' } }, / q must not give "StartTime>" under two names/],
]) // biome-ignore format: one row a line

const all = [...prescribed, ...later, ...decided, ...neighbours, ...aliases]
let styles: Styles
beforeAll(async () => {
  styles = await startStyles(all)
})
afterAll(() => styles.close())

async function check({ path, parameters, args, sent, read }: Row, at: number): Promise<void> {
  const { head, problem } = await styles.call(at, args)
  if (sent instanceof RegExp) {
    expect(problem).toMatch(sent)
    return
  }
  expect(problem).toBeUndefined()
  const [line, ...headers] = head!.split('\r\n')
  if (sent.startsWith('/')) expect(line).toBe(`GET /${at}${sent} HTTP/1.1`)
  else {
    expect(line).toBe(`GET /${at}${path} HTTP/1.1`)
    expect(headers).toContain(sent)
  }
  const definitions: Definition[] = parameters
  expect(decode(head!, styles.template(at), definitions)).toEqual(read ?? args)
}

describe.each([
  ['the cases that no peer sends right', prescribed],
  ['what 3.2 and 2.0 add', later],
  ['what OpenAPI leaves open', decided],
  ['values beside values', neighbours],
  ['names that clients refuse', aliases],
])('%s', (_, list) => {
  it.each(list)('$title', (row) => check(row, all.indexOf(row)))
})
