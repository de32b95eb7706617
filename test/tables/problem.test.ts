/** An upstream's error body becomes one clean line of its own words; credentials, stacks, pages and bulk stay behind. */
import { describe, expect, it } from 'vitest'
import { problemText } from '../../src/tools/problem.ts'

const JSON_TYPE = 'application/problem+json'

function said(body: unknown, type = JSON_TYPE, secret?: string): string {
  const text = typeof body === 'string' && type !== JSON_TYPE ? body : JSON.stringify(body)
  const header = (name: string) => (name === 'content-type' ? type : undefined)
  return problemText(
    { status: 400, header, body: new TextEncoder().encode(text) },
    secret === undefined ? [] : [secret],
  )
}

describe('words', () => {
  const rows: [string, unknown, string][] = [
    ['RFC 9457', { type: 'about:blank', title: 'Not found', detail: 'No invoice inv_1.' }, 'Not found: No invoice inv_1.'],
    ['a message', { message: 'No such project', status: 404 }, 'No such project'],
    ['OAuth', { error: 'invalid_request', error_description: 'page is missing' }, 'page is missing: invalid_request'],
    ['an error inside', { error: { code: 'E7', message: 'No such project' } }, 'No such project: E7'],
    ['a fault inside', { fault: { code: 'E_GONE', reason: 'No invoice 7', trace: 'at x' } }, 'No invoice 7: E_GONE'],
    ['Apigee', { fault: { faultstring: 'Invalid ApiKey', detail: { errorcode: 'oauth.v2' } } }, 'Invalid ApiKey'],
    ['a problem beside its status', { status: 'failed', problem: { title: 'Too late' } }, 'Too late'],
    ['no other wrapper', { request: { message: 'GET /a' }, debug: { detail: 'SELECT 1' } }, ''],
    ['the same words once', { title: 'Bad', message: 'Bad' }, 'Bad'],
    ['faults with a field', { title: 'Bad', errors: [{ field: 'page', message: 'must be 1' }, { pointer: '/a', detail: 'no' }] }, 'Bad: page must be 1: /a no'],
    ['faults as strings', { errors: ['one', 'two'] }, 'one: two'],
    ['invalid-params', { title: 'Bad', 'invalid-params': [{ name: 'limit', reason: 'too big' }] }, 'Bad: limit too big'],
    ['five faults of many', { errors: ['1', '2', '3', '4', '5', '6', '7'] }, '1: 2: 3: 4: 5'],
    ['a JSON string', 'Out of range', 'Out of range'],
    ['line breaks and tabs', { detail: 'a\r\n\tb' }, 'a b'],
    ['invisible characters', { detail: 'a\u202eb\u200bc\u{e0041}d' }, 'a b c d'],
    ['markup', { detail: 'Use <b>page</b>' }, 'Use page'],
    ['other letters', { detail: 'Nie ma faktury: żółć 😀' }, 'Nie ma faktury: żółć 😀'],
    ['an id is no secret', { detail: 'No invoice 123e4567-e89b-12d3-a456-426614174000' }, 'No invoice 123e4567-e89b-12d3-a456-426614174000'],
    ['an expired token', { detail: 'The access token expired' }, 'The access token expired'],
    ['a wrong token', { detail: 'Token invalid' }, 'Token invalid'],
    ['members that hold no words', { title: 5, detail: null, message: ['a'] }, ''],
    ['a list', [1, 2], ''],
    ['a number', 5, ''],
    ['nothing', {}, ''],
  ] // biome-ignore format: one row a line
  it.each(rows)('%s', (_, body, expected) => {
    expect(said(body)).toBe(expected)
  })

  it.each([
    ['plain text', 'text/plain; charset=utf-8', 'Service paused', 'Service paused'],
    ['text of another type', 'application/octet-stream', 'Service paused', ''],
    ['JSON under another type', 'text/plain', '{"detail":"no"}', 'no'],
    ['broken JSON', 'application/json', '{"detail":"no"', ''],
    ['a page', 'text/html', '<h1>502</h1>', ''],
    ['a page without type', '', '\n <!doctype html><h1>502</h1>', ''],
    ['XML', 'application/xml', '<Error><Key>a</Key></Error>', ''],
    ['an empty body', 'application/json', '', ''],
    ['bytes', 'image/png', '\u0089PNG', ''],
  ])('%s', (_, type, body, expected) => {
    expect(said(body, type)).toBe(expected)
  })
})

describe('what never leaks', () => {
  const SECRET = 'hunter22hunter22'
  const rows: [string, string][] = [
    ['a bearer', `Rejected Bearer ${SECRET}`],
    ['a whole header', `Got Authorization: Bearer ${SECRET}`],
    ['a basic header', `Got Authorization: Basic ${SECRET}`],
    ['an API key', `x-api-key: ${SECRET}`],
    ['a key in words', `The api key "${SECRET}" is unknown`],
    ['a password', `password=${SECRET}`],
    ['an access token', `GET /v1/me?access_token=${SECRET}`],
    ['a client secret', `client_secret: ${SECRET}`],
    ['a refresh token', `refresh_token=${SECRET}&grant_type=refresh_token`],
    ['a password in a URL', `cannot connect to postgres://app:${SECRET}@db.internal/books`],
    ['a JWT', `bad signature eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.${SECRET}`],
    ['a long token', `id 0${SECRET.repeat(3)}`],
    ['a Node stack', `boom\n    at ${SECRET} (/srv/app/a.js:1:2)`],
    ['a Node stack on one line', `boom at ${SECRET} (/srv/app/a.js:1:2) at b (/srv/app/b.js:3:4)`],
    ['a Java stack', `java.lang.X: boom\n\tat com.a.${SECRET}(B.java:12)\n\t... 3 more`],
    ['a Python stack', `boom\nTraceback (most recent call last):\n  File "/srv/${SECRET}.py", line 1`],
    ['a .NET stack', `boom\n   at A.${SECRET}() in C:\\srv\\a.cs:line 12`],
    ['a PHP stack', `boom\nStack trace:\n#0 /srv/${SECRET}.php(12): a()\n#1 {main}`],
    ['a Go stack', `boom\n\ngoroutine 1 [running]:\nmain.main()\n\t/srv/${SECRET}.go:12 +0x1d`],
  ]
  it.each(rows)('%s', (_, detail) => {
    expect(said({ title: 'Refused', detail })).toMatch(/^Refused/)
    expect(said({ title: 'Refused', detail })).not.toContain('hunter22')
    expect(said(detail, 'text/plain')).not.toContain('hunter22')
  })

  it.each([
    [
      'the caller’s key anywhere',
      { detail: 'key abc.def is unknown' },
      'abc.def',
      'key [removed] is unknown',
    ],
    ['a key with signs', { detail: 'a$&(b' }, 'a$&(b', '[removed]'],
    [
      'a member that is not for readers',
      { title: 'Bad', stack: 'at x', trace: 'y', headers: { a: 'b' } },
      '',
      'Bad',
    ],
  ])('%s', (_, body, secret, expected) => {
    expect(said(body, JSON_TYPE, secret)).toBe(expected)
  })
})

describe('bulk', () => {
  const MANY = 64 * 1024
  it.each([
    ['words', { detail: 'word '.repeat(MANY) }],
    ['words of plain text', 'word '.repeat(MANY)],
    [
      'faults',
      {
        errors: Array.from({ length: 5000 }, (_, at) => ({ field: `f${at}`, message: 'wrong '.repeat(40) })),
      },
    ],
    ['line breaks', `x${'\n'.repeat(MANY)}y`],
    ['line breaks in JSON', { detail: `x${'\n'.repeat(MANY / 2 - 20)}y` }],
    ['spaces', `token${' '.repeat(MANY)}`],
    ['dashes', '1-'.repeat(MANY)],
    ['angles', '<'.repeat(MANY)],
    ['frames', ' at 1:1'.repeat(MANY)],
    ['levels', `${'['.repeat(MANY)}`],
  ])('of %s is cut, and quickly', (_, body) => {
    const started = performance.now()
    const line = said(body, typeof body === 'string' ? 'text/plain' : JSON_TYPE)
    expect(performance.now() - started).toBeLessThan(200)
    expect(line.length).toBeLessThanOrEqual(501)
    expect(line).not.toMatch(/[\r\n]/)
  })
})

it('a cut never leaves half a character, which strict parsers refuse', () => {
  for (const length of [498, 499, 500]) {
    expect(said({ message: `${'a'.repeat(length)}😀😀😀` }).isWellFormed()).toBe(true)
  }
})
