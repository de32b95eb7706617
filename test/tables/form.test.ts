/** Forms are read once, in a time that does not grow faster than they do, and each parameter counts once. */
import { expect, it } from 'vitest'
import { OAuthError } from '../../src/oauth/errors.ts'
import { readForm, refuseRepeated } from '../../src/oauth/form.ts'

const post = (body: string, type = 'application/x-www-form-urlencoded') =>
  new Request('https://mcp.example.com/token', { method: 'POST', body, headers: { 'content-type': type } })

async function refusal(request: Request, maxBytes = 1024): Promise<string> {
  const error = await readForm(request, maxBytes).catch((each: unknown) => each)
  expect(error).toBeInstanceOf(OAuthError)
  return (error as OAuthError).message
}

it('takes a form, with parameters of its type', async () => {
  const form = await readForm(post('a=1&b=%C3%A4', 'Application/X-WWW-Form-URLencoded; charset=UTF-8'), 1024)
  expect([...form]).toEqual([
    ['a', '1'],
    ['b', 'ä'],
  ])
})

it.each([
  ['another type', post('a=1', 'application/json'), /x-www-form-urlencoded/],
  ['a type that begins alike', post('a=1', 'application/x-www-form-urlencodedly'), /x-www-form-urlencoded/],
  ['one byte too many', post('a'.repeat(1025)), /1024 bytes/],
  ['a repeated parameter', post('code=1&code=2'), /more than once/],
])('refuses %s', async (_, request, words) => {
  expect(await refusal(request)).toMatch(words)
})

it('lets resource be said twice', () => {
  expect(() => refuseRepeated(new URLSearchParams('resource=a&resource=b'))).not.toThrow()
})

it('counts a hundred thousand names as fast as they can be read', () => {
  const many = new URLSearchParams(
    Array.from({ length: 100_000 }, (_, at): [string, string] => [`n${at}`, '']),
  )
  const started = performance.now()
  refuseRepeated(many)
  // Looking for each among all takes minutes.
  expect(performance.now() - started).toBeLessThan(2000)
})
