/** JSON from upstream is taken or refused as RFC 8259 says, keeps its numbers, and arrives compact, framed and visible. */
import { describe, expect, it } from 'vitest'
import { embedJson } from '../../src/tools/embed.ts'
import { isInvisible } from '../../src/tools/invisible.ts'

const bytes = (...values: number[]) => Uint8Array.from(values)
const utf8 = (text: string) => new TextEncoder().encode(text)

/** The text that a client reads out of our JSON string, or undefined where the source is refused. */
function embedded(source: string | Uint8Array): string | undefined {
  const result = embedJson(typeof source === 'string' ? utf8(source) : source)
  return result.ok ? JSON.parse(`"${new TextDecoder().decode(result.bytes)}"`) : undefined
}

describe('accepted, with what arrives', () => {
  const rows: [string, string, string][] = [
    ['an object', '{"a":1}', '{"a":1}'],
    ['an array', '[1,2]', '{"items":[1,2]}'],
    ['an empty array', ' [ ] ', '{"items":[]}'],
    ['an empty object', '{ }', '{}'],
    ['a string', '"a"', '{"value":"a"}'],
    ['an empty string', '""', '{"value":""}'],
    ['a number', '5', '{"value":5}'],
    ['null', 'null', '{"value":null}'],
    ['true', '\n true\t', '{"value":true}'],
    ['all white space', '\t\r\n {\t"a" :\r\n[ 1 , 2 ] }', '{"a":[1,2]}'],
    ['white space inside a string', '{"a b":" c "}', '{"a b":" c "}'],
    ['the same key twice', '{"a":1,"a":2}', '{"a":1,"a":2}'],
    ['a key that is no name', '{"__proto__":{}}', '{"__proto__":{}}'],
    ['trailing zeros', '{"a":12.10}', '{"a":12.10}'],
    ['more than a double holds', '{"a":1e400}', '{"a":1e400}'],
    ['19 digits', '{"a":9223372036854775807}', '{"a":9223372036854775807}'],
    ['minus zero', '{"a":-0}', '{"a":-0}'],
    ['exponents', '[1E5,1e+5,1e-5,-1.5E01]', '{"items":[1E5,1e+5,1e-5,-1.5E01]}'],
    ['zero with a fraction', '[0.0,0e1]', '{"items":[0.0,0e1]}'],
    ['all short escapes', '["\\"\\\\\\/\\b\\f\\n\\r\\t"]', '{"items":["\\"\\\\\\/\\b\\f\\n\\r\\t"]}'],
    ['an escaped pair', '["\\uD83D\\ude00"]', '{"items":["\\uD83D\\ude00"]}'],
    ['an escaped lone surrogate', '["\\uD83D"]', '{"items":["\\uD83D"]}'],
    ['an escaped zero', '["\\u0000"]', '{"items":["\\u0000"]}'],
    ['two, three and four bytes', '["ż€😀"]', '{"items":["ż€😀"]}'],
    ['a byte order mark', '\ufeff{"a":1}', '{"a":1}'],
    ['512 levels', `${'['.repeat(512)}${']'.repeat(512)}`, `{"items":${'['.repeat(512)}${']'.repeat(512)}}`],
  ]
  it.each(rows)('%s', (_, source, expected) => {
    expect(embedded(source)).toBe(expected)
  })
})

describe('refused', () => {
  const texts: string[] = [
    '', ' ', '\ufeff', '\ufeff\ufeff{}', '[', ']', '[1', '[1,', '[1,]', '[,1]', '[,]', '[1 2]', '[1]]', '[1],', '[]a', '{', '}', '{]', '[}',
    '{,}', '{"a"', '{"a":', '{"a":1', '{"a":1,', '{"a":1,}', '{"a" 1}', '{"a":}', '{:1}', '{a:1}', "{'a':1}", '{1:1}', '{null:1}',
    '{"a":1 "b":2}', '{"a":1}{', '{"a":1}}', '{"a":[}]', '{"a"::1}', '[1:2]', '{"a","b"}', 'nul', 'nulL', 'NULL', 'True', 'truex', '[tru]',
    'NaN', 'Infinity', '-Infinity', '-', '+1', '01', '-01', '00', '1.', '.5', '-.5', '1e', '1e+', '1.e1', '0x10', '1_000', '1 000', '--1',
    '2.e3', '1e1.5', '[1e]', '[-]', '[0.]', '"', '"a', '"\\"', '"\\x"', '"\\a"', '"\\u"', '"\\u12"', '"\\u12G4"', '"\\U0041"', '"\\', "'a'",
    '"a\nb"', '"a\tb"', '"\u0000"', '"\u001f"', '\u00a0{}', '{}\u0085', '\u2028[]', '[]\f', '/**/[]', '[1]//', '<html>', '[undefined]',
    `${'['.repeat(513)}${']'.repeat(513)}`, '['.repeat(100_000), '{"a":'.repeat(100_000),
  ] // biome-ignore format: many short texts
  it.each(texts.map((text) => [text.slice(0, 20), text]))('%j', (_, text) => {
    expect(embedded(text)).toBeUndefined()
  })

  const quoted = (...inner: number[]) => bytes(0x22, ...inner, 0x22)
  it.each([
    ['a lone continuation', quoted(0x80)],
    ['an overlong slash in two bytes', quoted(0xc0, 0xaf)],
    ['an overlong slash in three', quoted(0xe0, 0x80, 0xaf)],
    ['an overlong slash in four', quoted(0xf0, 0x80, 0x80, 0xaf)],
    ['an overlong quote', quoted(0xc0, 0xa2)],
    ['a surrogate', quoted(0xed, 0xa0, 0x80)],
    ['a surrogate pair in six bytes', quoted(0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80)],
    ['beyond U+10FFFF', quoted(0xf4, 0x90, 0x80, 0x80)],
    ['five bytes', quoted(0xf8, 0x88, 0x80, 0x80, 0x80)],
    ['0xff', quoted(0xff)],
    ['two of three bytes', quoted(0xe2, 0x82)],
    ['an end inside a character', bytes(0x22, 0xe2, 0x82)],
    ['Latin-1', quoted(0xe9)],
    ['UTF-16', bytes(0xff, 0xfe, 0x5b, 0, 0x5d, 0)],
    ['UTF-16 without mark', bytes(0, 0x5b, 0, 0x5d)],
    ['half a byte order mark', bytes(0xef, 0xbb, 0x7b, 0x7d)],
  ])('%s', (_, source) => {
    expect(embedded(source)).toBeUndefined()
  })

  it('says what and where, and not what was there', () => {
    expect(embedJson(utf8('{"token":"abc" x'))).toEqual({
      ok: false,
      fault: 'unexpected character at byte 15',
    })
  })
})

describe('what a person cannot see', () => {
  it.each([
    ['a zero width space', 'a\u200bb', 'a\\u200bb'],
    ['a right-to-left override', 'a\u202eb', 'a\\u202eb'],
    ['DEL and NEL', '\u007f\u0085', '\\u007f\\u0085'],
    ['a soft hyphen', '\u00ad', '\\u00ad'],
    ['a line separator', '\u2028', '\\u2028'],
    ['a byte order mark', '\ufeff', '\\ufeff'],
    ['a tag character', '\u{e0041}', '\\udb40\\udc41'],
    ['a supplementary variation selector', '\u{e0100}', '\\udb40\\udd00'],
    ['a variation selector', 'a\ufe01', 'a\\ufe01'],
    ['a no-break space stays', 'a\u00a0b', 'a\u00a0b'],
    ['ASCII stays', ' !~', ' !~'],
  ])('%s becomes its escape', (_, inner, expected) => {
    const text = embedded(JSON.stringify([inner]))!
    expect(text).toBe(`{"items":["${expected}"]}`)
    expect(JSON.parse(text)).toEqual({ items: [inner] })
  })

  it('is every character that Unicode says to ignore or that breaks a line, and no ASCII one', () => {
    const points = Array.from({ length: 0x110000 }, (_, code) => code).filter((code) => code >> 11 !== 0x1b)
    const hidden = /[\p{Default_Ignorable_Code_Point}\p{Control}\p{Line_Separator}\p{Paragraph_Separator}]/u
    const seen = points.filter((code) => hidden.test(String.fromCodePoint(code)) && !isInvisible(code))
    expect(seen.map((code) => code.toString(16))).toEqual([])
    expect(points.slice(0x20, 0x7f).filter(isInvisible)).toEqual([])
  })
})

it('grows where every byte becomes an escape', () => {
  const source = `["${'\u007f'.repeat(5000)}","${'\\"'.repeat(5000)}","${'\u200b'.repeat(5000)}"]`
  expect(JSON.parse(embedded(source)!)).toEqual({ items: JSON.parse(source) })
})

it('an answer that grows beyond its allowance is refused while it grows', () => {
  const source = new TextEncoder().encode(`"${'\u007f'.repeat(10_000)}"`)
  expect(embedJson(source, 20_000)).toMatchObject({ ok: false, tooLarge: true })
  expect(embedJson(source, 100_000)).toMatchObject({ ok: true })
})
