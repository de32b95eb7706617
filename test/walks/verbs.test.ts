/** The addresses of the authorization server under another verb than their own: 405, in the voice of whoever stands there. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Login, startLogin } from '../login.ts'

let login: Login
beforeAll(async () => {
  login = await startLogin()
})
afterAll(() => login.close())

const origin = 'https://inspector.example'

describe.each(['/token', '/register', '/revoke'])('%s', (path) => {
  it.each(['GET', 'PUT', 'DELETE', 'PATCH'])(
    '%s is told as JSON, to a page of any origin',
    async (method) => {
      const { status, headers, text } = await ask(path, method)
      expect([status, headers.get('allow')]).toEqual([405, 'POST'])
      expect(headers.get('content-type')).toMatch(/^application\/json/)
      expect(headers.get('cache-control')).toBe('no-store')
      expect(headers.get('access-control-allow-origin')).toBe('*')
      expect(headers.get('access-control-allow-credentials')).toBeNull()
      expect(JSON.parse(text)).toEqual({
        error: 'invalid_request',
        error_description: 'Only POST is answered here',
      })
    },
  )

  it('HEAD is refused alike', async () => {
    const { status, headers, text } = await ask(path, 'HEAD')
    expect([status, headers.get('allow'), text]).toEqual([405, 'POST', ''])
  })
})

describe.each([
  ['/consent', 'POST', ['GET', 'PUT', 'DELETE']],
  ['/authorize', 'GET', ['POST', 'PUT', 'DELETE']],
  ['/callback', 'GET', ['POST', 'PUT', 'DELETE']],
] as const)('%s', (path, verb, others) => {
  it.each(others)('%s is told on a page that no other site can read or frame', async (method) => {
    const { status, headers, text } = await ask(path, method)
    expect([status, headers.get('allow')]).toEqual([405, verb])
    expect(headers.get('content-type')).toMatch(/^text\/html/)
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('access-control-allow-origin')).toBeNull()
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
    expect(text).toMatch(/<h1>Nothing can be opened here<\/h1>/)
    expect(text).toContain(headers.get('x-request-id'))
  })
})

async function ask(path: string, method: string) {
  const answer = await fetch(login.url + path, { method, headers: { origin } })
  return { status: answer.status, headers: answer.headers, text: await answer.text() }
}
