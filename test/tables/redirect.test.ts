/** Redirect URIs: which are taken, of which class, and which asked one matches which registered one (attacks 9 and 11). */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { matchesRedirect, redirectFault, redirectHost, redirectKind } from '../../src/oauth/redirect.ts'

// biome-ignore format: a client a line
const taken: readonly (readonly [client: string, uri: string, kind: string, host: string])[] = [
  ['claude.ai', 'https://claude.ai/api/mcp/auth_callback', 'https', 'claude.ai'],
  ['claude.com', 'https://claude.com/api/mcp/auth_callback', 'https', 'claude.com'],
  ['Claude desktop', 'claude://claude.ai/mcp-auth-callback/sdk', 'app', 'claude://claude.ai'],
  ['Claude Code', 'http://localhost:61087/callback', 'loopback', 'localhost:61087'],
  ['Claude Code, without port', 'http://localhost/callback', 'loopback', 'localhost'],
  ['ChatGPT', 'https://chatgpt.com/connector/oauth/abc', 'https', 'chatgpt.com'],
  ['Codex', 'http://127.0.0.1:41357/callback/aMuM2Y3A5JFP', 'loopback', '127.0.0.1:41357'],
  ['Cursor', 'cursor://anysphere.cursor-mcp/oauth/callback', 'app', 'cursor://anysphere.cursor-mcp'],
  ['Cursor, older', 'cursor://anysphere.cursor-retrieval/oauth/user-x1/callback', 'app', 'cursor://anysphere.cursor-retrieval'],
  ['Cursor, web', 'https://www.cursor.com/agents/mcp/oauth/callback', 'https', 'www.cursor.com'],
  ['VS Code', 'http://127.0.0.1/', 'loopback', '127.0.0.1'],
  ['VS Code, with port', 'http://127.0.0.1:33418/', 'loopback', '127.0.0.1:33418'],
  ['VS Code, by hand', 'http://127.0.0.1:33418', 'loopback', '127.0.0.1:33418'],
  ['VS Code, web', 'https://insiders.vscode.dev/redirect', 'https', 'insiders.vscode.dev'],
  ['VS Code extension', 'vscode-insiders://saoudrizwan.claude-dev/cb?x=1', 'app', 'vscode-insiders://saoudrizwan.claude-dev'],
  ['Inspector', 'http://localhost:6274/oauth/callback/debug', 'loopback', 'localhost:6274'],
  ['Grok', 'https://grok.com/connectors-oauth-exchange-code/', 'https', 'grok.com'],
  ['JetBrains', 'jetbrains://gateway/com.jetbrains.toolbox', 'app', 'jetbrains://gateway'],
  ['a reverse domain', 'com.example.app:/oauth2redirect/x', 'app', 'com.example.app:'],
  ['IPv6', 'http://[::1]:8080/cb', 'loopback', '[::1]:8080'],
  ['all of 127/8', 'http://127.8.9.10/cb', 'loopback', '127.8.9.10'],
  ['https on this machine', 'https://localhost:8443/cb', 'loopback', 'localhost:8443'],
  ['a port and a query', 'https://Example.com:8443/cb?a=b%20c&d', 'https', 'example.com:8443'],
  ['the longest', `https://example.com/${'a'.repeat(2028)}`, 'https', 'example.com'],
]

describe('is taken', () => {
  it.each(taken)('%s: %s', (_, uri, kind, host) => {
    expect(redirectFault(uri, [])).toBeUndefined()
    expect([redirectKind(uri), redirectHost(uri)]).toEqual([kind, host])
  })

  it('a scheme that the operator added', () => {
    expect(redirectFault('acme-desk://cb/x', [])).toContain('LECTERN_REDIRECT_SCHEMES')
    expect(redirectFault('acme-desk://cb/x', ['acme-desk'])).toBeUndefined()
  })
})

// biome-ignore format: an attack a line
const refused: readonly (readonly [uri: string, words: RegExp])[] = [
  ['', /absolute URI/],
  ['/callback', /absolute URI/],
  ['localhost:3000/callback', /absolute URI/],
  ['//example.com/cb', /absolute URI/],
  ['HTTPS://example.com/cb', /lower-case scheme/],
  ['javascript:alert(1)', /absolute URI/],
  ['javascript:/alert(1)', /never taken/],
  ['javascript://x/%0aalert(1)', /encoded control/],
  ['data:text/html,x', /absolute URI/],
  ['data:/text/html,x', /never taken/],
  ['vbscript:/x', /never taken/],
  ['file:///etc/passwd', /never taken/],
  ['blob:/x', /never taken/],
  ['blob:https://example.com/x', /absolute URI/],
  ['filesystem:/x', /never taken/],
  ['intent://x/#Intent;end', /fragment/],
  ['intent://x/', /never taken/],
  ['ms-msdt:/id', /never taken/],
  ['about:/blank', /never taken/],
  ['search-ms:/x', /never taken/],
  ['mailto:/a', /never taken/],
  ['unheard-of://x/cb', /not known here/],
  ['http://example.com/cb', /uses http/],
  ['http://localhost.evil.com/cb', /uses http/],
  ['http://127.0.0.1.nip.io/cb', /uses http/],
  ['http://localhost@evil.com/cb', /user name/],
  ['http://localhost:80@evil.com/cb', /user name/],
  ['https://claude.ai@evil.com/cb', /user name/],
  ['https://:@evil.com/cb', /user name/],
  ['cursor://claude.ai@evil/cb', /user name/],
  ['http://localhost./cb', /uses http/],
  ['http://LOCALHOST/cb', /uses http/],
  ['http://127.1/cb', /uses http/],
  ['http://2130706433/cb', /uses http/],
  ['http://0x7f000001/cb', /uses http/],
  ['http://0177.0.0.1/cb', /uses http/],
  ['http://127.0.0.01/cb', /misread/],
  ['http://127.0.0.999/cb', /not a URL/],
  ['http://0.0.0.0/cb', /uses http/],
  ['http://[::]/cb', /uses http/],
  ['http://[::ffff:127.0.0.1]/cb', /uses http/],
  ['http://localhost:99999/cb', /not a URL/],
  ['https://2130706433/cb', /misread/],
  ['https://0x7f.1/cb', /misread/],
  ['https://ex%61mple.com/cb', /misread/],
  ['https:/example.com/cb', /misread/],
  ['https:///example.com/cb', /misread/],
  ['https://', /not a URL/],
  ['https://example.com/cb#x', /fragment/],
  ['https://example.com/cb#', /fragment/],
  ['https://example.com\\@evil.com/cb', /backslash/],
  ['https://*.example.com/cb', /wildcard/],
  ['https://example.com/*', /wildcard/],
  ['https://example.com/a/../cb', /segment/],
  ['https://example.com/a/%2e%2E/cb', /segment/],
  ['https://example.com/a/.', /segment/],
  ['https://example.com/c b', /white space/],
  [' https://example.com/cb', /white space/],
  ['https://example.com/cb\n', /white space/],
  ['https://example.com/cb\r\nLocation: x', /white space/],
  ['https://exämple.com/cb', /beyond ASCII/],
  ['https://example.com/\u202ecb', /beyond ASCII/],
  ['https://example.com/%0d%0aSet-Cookie:x', /encoded control/],
  ['https://example.com/%zz', /encodes nothing/],
  ['https://example.com/<script>', /URIs do not have/],
  ['https://example.com/"x', /URIs do not have/],
  ['https://{tenant}.example.com/', /URIs do not have/],
  [`https://example.com/${'a'.repeat(2029)}`, /2048/],
]

describe('is refused', () => {
  it.each(refused)('%j', (uri, words) => expect(redirectFault(uri, [])).toMatch(words))

  it('an unsafe scheme, though the operator added it', () => {
    expect(redirectFault('javascript:/x', ['javascript'])).toMatch(/never taken/)
  })

  it('says why in words without quotes from the URI', () => {
    fc.assert(
      fc.property(fc.webUrl({ withFragments: true, withQueryParameters: true }), (uri) => {
        expect(redirectFault(uri, []) ?? '').toMatch(/^[\x20-\x7e]{0,200}$/)
      }),
    )
  })
})

// biome-ignore format: a pair a line
const pairs: readonly (readonly [registered: string, asked: string, matches: boolean])[] = [
  ['https://claude.ai/cb', 'https://claude.ai/cb', true],
  ['https://grok.com/code/', 'https://grok.com/code/', true],
  ['https://grok.com/code/', 'https://grok.com/code', false],
  ['https://claude.ai/cb', 'https://claude.ai/cb?x', false],
  ['https://claude.ai/cb', 'https://claude.ai:8443/cb', false],
  ['https://claude.ai/cb', 'https://claude.ai:443/cb', false],
  ['https://claude.ai/cb', 'https://CLAUDE.ai/cb', false],
  ['https://localhost/cb', 'https://localhost:8443/cb', false],
  ['cursor://a/cb', 'cursor://a/cb', true],
  ['cursor://a/cb', 'cursor://a:1/cb', false],
  ['cursor://a/cb', 'cursor://a/cb/x', false],
  ['http://localhost/callback', 'http://localhost:50582/callback', true],
  ['http://localhost:3118/callback', 'http://localhost:50582/callback', true],
  ['http://localhost:3118/callback', 'http://localhost/callback', true],
  ['http://127.0.0.1/', 'http://127.0.0.1:33418/', true],
  ['http://127.0.0.1/', 'http://127.0.0.1:33418', true],
  ['http://127.0.0.1:33418', 'http://127.0.0.1:61000/', true],
  ['http://127.9.9.9:1/cb', 'http://127.9.9.9:2/cb', true],
  ['http://[::1]:1/cb', 'http://[::1]:65535/cb', true],
  ['http://localhost/cb?a=1', 'http://localhost:9/cb?a=1', true],
  ['http://localhost/cb', 'http://127.0.0.1/cb', false],
  ['http://127.0.0.1/cb', 'http://127.0.0.2/cb', false],
  ['http://127.0.0.1/cb', 'http://2130706433/cb', false],
  ['http://127.0.0.1/cb', 'http://127.1/cb', false],
  ['http://127.0.0.1/cb', 'http://0x7f.0.0.1/cb', false],
  ['http://localhost/cb', 'https://localhost/cb', false],
  ['http://localhost/cb', 'http://localhost/cb2', false],
  ['http://localhost/cb', 'http://localhost/cb/', false],
  ['http://localhost/cb', 'http://localhost/cb?x=1', false],
  ['http://localhost/cb?a=1', 'http://localhost/cb?a=2', false],
  ['http://localhost/cb', 'http://localhost/cb#x', false],
  ['http://localhost/cb', 'http://localhost:1@evil.com/cb', false],
  ['http://localhost/cb', 'http://localhost:@evil.com/cb', false],
  ['http://localhost/cb', 'http://localhost.evil.com/cb', false],
  ['http://localhost/cb', 'http://localhost:99999/cb', false],
  ['http://localhost/cb', 'http://localhost:80:80/cb', false],
  ['http://localhost/cb', 'http://localhost:1/cb\n', false],
]

describe('matching', () => {
  it.each(pairs)('%s <- %s is %s', (registered, asked, matches) => {
    expect(matchesRedirect(registered, asked)).toBe(matches)
  })
})
