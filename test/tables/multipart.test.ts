/** A body of several parts becomes several contents, each by its own media type; one that is broken is refused whole. */
import { describe, expect, it } from 'vitest'
import type { Facts } from '../../src/tools/failures.ts'
import { render, toContent, toContents, toEmbedded } from '../../src/tools/result.ts'
import type { Tool } from '../../src/tools/tool.ts'
import { toBytes, type Wire } from '../../src/wire.ts'

const facts: Facts = {
  title: 'Flowtly',
  limits: { deadline: 25, retries: 2, maxRedirects: 3, maxResponseBytes: 1000 },
  tries: 1,
  started: 0,
  status: 200,
}
const MIXED = 'multipart/mixed; boundary=b'
const URI = 'flowtly://reports/r_1'

function blockOf(body: string, type = MIXED) {
  const header = (name: string) => (name === 'content-type' ? type : undefined)
  const rendered = render(
    { status: 200, header, body: new TextEncoder().encode(body) },
    facts,
    { produces: [] } as unknown as Tool,
    8,
  )
  return rendered.ok ? rendered.block : `${rendered.failure.code}: ${rendered.failure.message}`
}

const parse = (wire: Wire) => JSON.parse(new TextDecoder().decode(toBytes(wire)))

/** The contents of a tool's result, or the failure. */
function contents(body: string, type?: string) {
  const block = blockOf(body, type)
  return typeof block === 'string' ? block : parse(toContent(block, URI, true))
}

const part = (type: string, body: string, more = '') =>
  `--b\r\nContent-Type: ${type}\r\n${more}\r\n${body}\r\n`
const text = (words: string) => ({ type: 'text', text: words })

describe('parts', () => {
  it.each([
    ['one', `${part('text/plain', 'a')}--b--`, [text('a')]],
    ['JSON', `${part('application/json', '[1.00]')}--b--\r\n`, [text('{"items":[1.00]}')]],
    [
      'a picture',
      `${part('image/png', 'AAA')}--b--`,
      [{ type: 'image', data: 'QUFB', mimeType: 'image/png' }],
    ],
    ['what stands before and after', `before\r\n${part('text/plain', 'a')}--b--\r\nafter`, [text('a')]],
    ['bare line feeds', '--b\n\na\n--b--', [text('a')]],
    ['no type', '--b\r\n\r\n{"a":\r\n--b--', [text('{"a":')]],
    ['an empty part', '--b\r\n\r\n\r\n--b--', [text('{"value":null}')]],
    ['space after the boundary', '--b \t\r\n\r\na\r\n--b--', [text('a')]],
    ['what only looks like a boundary', '--b\r\n\r\n--bc\r\n --b\r\n--b--', [text('--bc\r\n --b')]],
    ['a header over two lines', '--b\r\nContent-Type:\r\n  text/csv\r\n\r\na;b\r\n--b--', [text('a;b')]],
    ['binary said', `${part('text/plain', 'a', 'Content-Transfer-Encoding: 8bit\r\n')}--b--`, [text('a')]],
  ])('with %s', (_, body, expected) => {
    expect(contents(body)).toEqual(expected)
  })

  it.each([
    'multipart/related; boundary=b',
    'Multipart/Mixed; charset=x; boundary="b"',
    'multipart/mixed;boundary=b; type=x',
  ])('of %s', (type) => expect(contents(`${part('text/plain', 'a')}--b--`, type)).toEqual([text('a')]))

  const report = blockOf(`${part('text/plain', 'a')}${part('application/pdf', 'PDF')}--b--`)
  const file = { mimeType: 'application/pdf', blob: 'UERG' }

  it('are numbered where they need a URI', () => {
    if (typeof report === 'string') expect.unreachable(report)
    expect(parse(toContent(report, URI, true))).toEqual([
      text('a'),
      { type: 'resource', resource: { uri: `${URI}#2`, ...file } },
    ])
    expect(parse(toContents(report, URI))).toEqual([
      { uri: `${URI}#1`, mimeType: 'text/plain', text: 'a' },
      { uri: `${URI}#2`, ...file },
    ])
    expect(toEmbedded(report, URI, true).map(parse)).toEqual([
      { type: 'resource', resource: { uri: `${URI}#1`, mimeType: 'text/plain', text: 'a' } },
      { type: 'resource', resource: { uri: `${URI}#2`, ...file } },
    ])
  })
})

describe('a body that is refused', () => {
  const cut =
    'upstream_media_type: Flowtly answered 200 with parts that are cut short or too many, which this tool cannot hand on'
  it.each([
    ['no boundary said', 'a', 'multipart/mixed', cut],
    ['no boundary there', 'a', MIXED, cut],
    ['a boundary of line breaks', 'a', 'multipart/mixed; boundary="a\nb"', cut],
    ['no end', part('text/plain', 'a'), MIXED, cut],
    ['an end alone', '--b--', MIXED, cut],
    ['no empty line', '--b\r\nContent-Type: text/plain\r\n--b--', MIXED, cut],
    ['endless headers', `--b\r\n${'X: y\r\n'.repeat(2000)}\r\na\r\n--b--`, MIXED, cut],
    ['33 parts', `${part('text/plain', 'a').repeat(33)}--b--`, MIXED, cut],
    ['parts within parts', `${part('multipart/mixed; boundary=c', '--c\r\n\r\na\r\n--c--')}--b--`, MIXED, 'upstream_media_type: Flowtly answered 200 with parts within parts, which this tool cannot hand on'],
    ['base64', `${part('text/plain', 'YQ==', 'Content-Transfer-Encoding: base64\r\n')}--b--`, MIXED, 'upstream_media_type: Flowtly answered 200 with a part in the encoding of mail, which this tool cannot hand on'],
    ['a page among them', `${part('text/plain', 'a')}${part('text/html', '<p>')}--b--`, MIXED, 'upstream_media_type: Flowtly answered 200 with an HTML page, which this tool cannot hand on'],
    ['broken JSON among them', `${part('application/json', '{')}--b--`, MIXED, 'upstream_not_json: Flowtly answered 200 with JSON that is broken: the end is missing at byte 1'],
    ['a file that is too large', `${part('image/png', '123456789')}--b--`, MIXED, 'upstream_too_large: Flowtly answered a file of 9 bytes; at most 8 are handed on'],
  ])('%s', (_, body, type, failure) => {
    expect(contents(body, type)).toBe(failure)
  }) // biome-ignore format: one row a line

  it('costs no more than its length', () => {
    const boundary = '-'.repeat(70)
    const started = performance.now()
    expect(contents('-'.repeat(4_000_000), `multipart/mixed; boundary=${boundary}`)).toBe(cut)
    expect(contents(`\n${'-'.repeat(71)}`.repeat(50_000), `multipart/mixed; boundary=${boundary}`)).toBe(cut)
    expect(performance.now() - started).toBeLessThan(2000)
  })
})
