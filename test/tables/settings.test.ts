/** Every setting has its default, keeps its bounds, and is refused in words together with all others that are wrong. */
import { describe, expect, it } from 'vitest'
import { StartError } from '../../src/errors.ts'
import { readSettings, type Settings, settingRows } from '../../src/settings.ts'
import { unknownSettings } from '../../src/unknown-settings.ts'

function faultsOf(env: Record<string, string>): readonly string[] {
  try {
    readSettings(env)
    return []
  } catch (error) {
    expect(error).toBeInstanceOf(StartError)
    return (error as StartError).faults
  }
}

type Key = keyof Settings
const MIB = 1024 * 1024
const DAY = 86_400

const numbers: [Key, string, preset: number, lowest: string, highest: string, below: string, above: string][] = [
  ['port', 'PORT', 8787, '0', '65535', '-1', '65536'],
  ['maxBodyBytes', 'LECTERN_MAX_BODY_BYTES', MIB, '1024', '16777216', '1023', '16777217'],
  ['maxBatch', 'LECTERN_MAX_BATCH', 20, '1', '100', '0', '101'],
  ['deadline', 'LECTERN_DEADLINE', 25, '0.1', '300', '0.09', '300.1'],
  ['connectTimeout', 'LECTERN_CONNECT_TIMEOUT', 5, '0.1', '60', '0', '61'],
  ['idleTimeout', 'LECTERN_IDLE_TIMEOUT', 15, '0.1', '300', '0', '301'],
  ['retries', 'LECTERN_RETRIES', 2, '0', '5', '-1', '6'],
  ['maxRedirects', 'LECTERN_MAX_REDIRECTS', 3, '0', '10', '-1', '11'],
  ['maxResponseBytes', 'LECTERN_MAX_RESPONSE_BYTES', 8 * MIB, '1024', '67108864', '1023', '67108865'],
  ['answerBudget', 'LECTERN_ANSWER_BUDGET', 38_000, '1000', '10000000', '999', '10000001'],
  ['maxBinaryBytes', 'LECTERN_MAX_BINARY_BYTES', 2 * MIB, '0', '16777216', '-1', '16777217'],
  ['maxClients', 'LECTERN_MAX_CLIENTS', 1024, '1', '100000', '0', '100001'],
  ['clientTimeout', 'LECTERN_CLIENT_TIMEOUT', 60, '1', '600', '0.9', '601'],
  ['connections', 'LECTERN_CONNECTIONS', 64, '1', '1024', '0', '1025'],
  ['listTtl', 'LECTERN_LIST_TTL', 300, '0', '86400', '-1', '86401'],
  ['idpTimeout', 'LECTERN_IDP_TIMEOUT', 10, '0.1', '60', '0', '61'],
  ['accessTtl', 'LECTERN_ACCESS_TTL', 900, '60', '3600', '59', '3601'],
  ['refreshTtl', 'LECTERN_REFRESH_TTL', 30 * DAY, '300', String(365 * DAY), '299', String(365 * DAY + 1)],
  ['signInTtl', 'LECTERN_SIGN_IN_TTL', 600, '30', '3600', '29', '3601'],
  ['notBefore', 'LECTERN_NOT_BEFORE', 0, '0', '9999999999', '-1', '10000000000'],
  ['consentMemory', 'LECTERN_CONSENT_MEMORY', 0, '0', String(365 * DAY), '-1', String(365 * DAY + 1)],
  ['replicas', 'LECTERN_REPLICAS', 1, '1', '10000', '0', '10001'],
  ['replayEntries', 'LECTERN_REPLAY_ENTRIES', 100_000, '100', '10000000', '99', '10000001'],
  ['openedTokens', 'LECTERN_OPENED_TOKENS', 1000, '0', '100000', '-1', '100001'],
  ['maxTokenLength', 'LECTERN_MAX_TOKEN_LENGTH', 7500, '1000', '15000', '999', '15001'],
  ['maxFormBytes', 'LECTERN_MAX_FORM_BYTES', 65_536, '1024', String(MIB), '1023', String(MIB + 1)],
  ['maxRegistrationBytes', 'LECTERN_MAX_REGISTRATION_BYTES', 8192, '1024', '65536', '1023', '65537'],
  ['registrationRate', 'LECTERN_REGISTRATION_RATE', 6000, '1', '1000000', '0', '1000001'],
  ['proofRate', 'LECTERN_PROOF_RATE', 60, '1', '1000000', '0', '1000001'],
  ['maxDocumentBytes', 'LECTERN_MAX_DOCUMENT_BYTES', 64 * MIB, '1024', '268435456', '1023', '268435457'],
  ['documentTimeout', 'LECTERN_DOCUMENT_TIMEOUT', 60, '0.1', '600', '0', '601'],
  ['clientDocumentTtl', 'LECTERN_CLIENT_DOCUMENT_TTL', 3600, '0', '86400', '-1', '86401'],
] // biome-ignore format: one row a line
const FRACTIONS = [
  'LECTERN_IDP_TIMEOUT',
  'LECTERN_DEADLINE',
  'LECTERN_CONNECT_TIMEOUT',
  'LECTERN_IDLE_TIMEOUT',
  'LECTERN_DOCUMENT_TIMEOUT',
]

describe('numbers', () => {
  it.each(numbers)('%s', (key, variable, preset, lowest, highest, below, above) => {
    expect(readSettings({})[key]).toBe(preset)
    expect(readSettings({ [variable]: '' })[key]).toBe(preset)
    expect(readSettings({ [variable]: lowest })[key]).toBe(Number(lowest))
    expect(readSettings({ [variable]: highest })[key]).toBe(Number(highest))
    const wrong = [
      below,
      above,
      ' ',
      'many',
      '1e3',
      '0x10',
      '5 ',
      '+5',
      '5,0',
      '٥',
      'NaN',
      'Infinity',
      '9'.repeat(400),
    ]
    for (const value of FRACTIONS.includes(variable) ? wrong : [...wrong, '1.5', '1000.5']) {
      expect(faultsOf({ [variable]: value }), value).toEqual([expect.stringMatching(`^${variable} .`)])
    }
  })
})

const BYTES = Uint8Array.from({ length: 32 }, (_, at) => (at * 73 + 41) % 256)
const HEX = Buffer.from(BYTES).toString('hex')
const BASE64 = Buffer.from(BYTES).toString('base64')
const BASE64URL = Buffer.from(BYTES).toString('base64url')

/** What may be any word: a wrong value shows only at the other end. */
const FREE = [
  'HOST',
  'LECTERN_IDP_CLIENT_ID',
  'LECTERN_IDP_CLIENT_SECRET',
  'LECTERN_IDP_PRIVATE_KEY',
  'LECTERN_IDP_SCOPES',
  'LECTERN_UPSTREAM_CREDENTIAL',
  'LECTERN_REPLAY_DIR',
]

const words: [Key, string, default_: unknown, right: [string, unknown][], wrong: string[]][] = [
    ['host', 'HOST', '127.0.0.1', [['0.0.0.0', '0.0.0.0'], ['::1', '::1']], []],
    ['publicUrl', 'LECTERN_PUBLIC_URL', undefined, [['https://mcp.example.com', 'https://mcp.example.com'], ['http://localhost:8787', 'http://localhost:8787']], ['mcp.example.com', 'https://mcp.example.com/', 'https://mcp.example.com/mcp', 'https://MCP.example.com', 'https://mcp.example.com:443', 'https://u:p@mcp.example.com', 'null', '*', 'file:///etc', 'javascript:alert(1)', 'ws://mcp.example.com']],
    ['upstreamUrl', 'LECTERN_UPSTREAM_URL', undefined, [['http://127.0.0.1:9000', 'http://127.0.0.1:9000'], ['https://api.example.com/base/', 'https://api.example.com/base/']], ['api.example.com', 'ftp://api.example.com', 'https://api.example.com?x=1', 'https://api.example.com?', 'https://api.example.com#x', 'https://api.example.com#', 'https://u@api.example.com', 'https://:p@api.example.com', 'file:///etc/passwd']],
    ['allowedOrigins', 'LECTERN_ALLOWED_ORIGINS', [], [['https://a.example', ['https://a.example']], [' https://a.example , http://b.example:81, ', ['https://a.example', 'http://b.example:81']]], ['*', 'null', 'https://a.example/', 'https://a.example,b', 'https://*.example']],
    ['sessionSecrets', 'LECTERN_SESSION_SECRETS', [], [[HEX, [BYTES]], [BASE64, [BYTES]], [`${BASE64URL}, ${HEX}`, [BYTES, BYTES]]], ['short', HEX.slice(2), 'a'.repeat(64), 'correct horse battery staple, again and again', 'correcthorsebatterystaplecorrecthorsebatterystapl', `${HEX},x`, '!'.repeat(44)]],
    ['registrationSecrets', 'LECTERN_REGISTRATION_SECRETS', [], [[HEX, [BYTES]]], ['short', HEX.slice(2)]],
    ['idpIssuer', 'LECTERN_IDP_ISSUER', undefined, [['https://id.example.com', 'https://id.example.com'], ['https://id.example.com/tenant/v2.0', 'https://id.example.com/tenant/v2.0'], ['http://127.0.0.1:8789', 'http://127.0.0.1:8789'], ['http://[::1]:8789', 'http://[::1]:8789']], ['id.example.com', 'http://id.example.com', 'http://localhost.example.com', 'https://u@id.example.com', 'https://id.example.com/$(id)', 'https://id.example.com/;id', 'https://id.example.com/`id`', "https://id.example.com/'", 'https://id.example.com/ x', 'https://id.example.com#x', 'https://id.example.com?tenant=1', 'https://id.example.com/?', 'javascript:alert(1)']],
    ['idpClientId', 'LECTERN_IDP_CLIENT_ID', undefined, [['lectern', 'lectern']], []],
    ['idpClientSecret', 'LECTERN_IDP_CLIENT_SECRET', undefined, [['s3cret:%', 's3cret:%']], []],
    ['idpPrivateKey', 'LECTERN_IDP_PRIVATE_KEY', undefined, [['{"kty":"EC"}', '{"kty":"EC"}']], []],
    ['idpScopes', 'LECTERN_IDP_SCOPES', [], [['openid offline_access', ['openid', 'offline_access']], ['openid,a:b', ['openid', 'a:b']]], []],
    ['idpParameters', 'LECTERN_IDP_PARAMETERS', {}, [['prompt=consent', { prompt: 'consent' }], ['audience=https%3A%2F%2Fapi.example.com&access_type=offline', { audience: 'https://api.example.com', access_type: 'offline' }]], ['prompt', '?prompt=consent', 'a=b c', 'a=b=c', '=b']],
    ['upstreamCredential', 'LECTERN_UPSTREAM_CREDENTIAL', undefined, [['key', 'key']], []],
    ['upstreamHeaders', 'LECTERN_UPSTREAM_HEADERS', {}, [['{}', {}], ['{"X-API-Key":"k 1","accept":"a/b"}', { 'X-API-Key': 'k 1', accept: 'a/b' }]], ['X-API-Key: k', '[]', '["k"]', '"k"', 'null', '{"X-API-Key":1}', '{"X-API-Key":""}', '{"X-API-Key":" k"}', '{"X-API-Key":"k\\r\\nX: 1"}', '{"X-API-Key":"k\\u00e9"}', '{"X API Key":"k"}', '{"":"k"}', '{"X-K":"a","x-k":"b"}', '{"X-K":"a"']],
    ['exchange', 'LECTERN_EXCHANGE', undefined, [['token', 'token'], ['callback', 'callback']], ['Token', 'none']],
    ['replayDir', 'LECTERN_REPLAY_DIR', undefined, [['/var/lib/lectern', '/var/lib/lectern']], []],
    ['knowledge', 'LECTERN_KNOWLEDGE', 'auto', [['on', 'on'], ['off', 'off'], ['auto', 'auto']], ['true', 'chatgpt']],
    ['clientDocuments', 'LECTERN_CLIENT_DOCUMENTS', 'on', [['on', 'on'], ['off', 'off']], ['true', 'OFF']],
    ['clientDocumentHosts', 'LECTERN_CLIENT_DOCUMENT_HOSTS', [], [['claude.ai, chatgpt.com', ['claude.ai', 'chatgpt.com']]], ['https://claude.ai', '*.example.com', 'claude.ai/x', 'CLAUDE.AI']],
    ['privateClientOrigins', 'LECTERN_PRIVATE_CLIENT_ORIGINS', [], [['http://127.0.0.1:4000', ['http://127.0.0.1:4000']]], ['127.0.0.1:4000', 'http://127.0.0.1:4000/', '*']],
    ['unknownClients', 'LECTERN_UNKNOWN_CLIENTS', undefined, [['refuse', 'refuse'], ['loopback', 'loopback']], ['allow', 'on']],
    ['redirectSchemes', 'LECTERN_REDIRECT_SCHEMES', [], [['com.example.app, zed', ['com.example.app', 'zed']]], ['Zed', 'zed://', 'a', '1ab', 'javascript', 'https', 'data']],
    ['log', 'LECTERN_LOG', 'json', [['json', 'json'], ['off', 'off']], ['JSON', 'true', 'on']],
  ] // biome-ignore format: one row a line
describe('words', () => {
  it.each(words)('%s', (key, variable, preset, right, wrong) => {
    expect(readSettings({})[key]).toEqual(preset)
    for (const [value, expected] of right)
      expect(readSettings({ [variable]: value })[key], value).toEqual(expected)
    for (const value of wrong) {
      expect(faultsOf({ [variable]: value }), value).toEqual([expect.stringMatching(`^${variable} .`)])
    }
  })
})

it('an issuer with a query is told so', () => {
  expect(faultsOf({ LECTERN_IDP_ISSUER: 'https://id.example.com/main?tenant=1' })).toEqual([
    'LECTERN_IDP_ISSUER must not have a query',
  ])
})

describe('all together', () => {
  it('every setting has a row above', () => {
    const above = [...numbers, ...words].map(([key]) => key)
    expect(Object.keys(settingRows).sort()).toEqual(above.sort())
  })

  it('every fault is told at once, and none repeats a value', () => {
    const wrong = Object.fromEntries(
      Object.values(settingRows)
        .filter(({ variable }) => !FREE.includes(variable))
        .map(({ variable }) => [variable, 'hunter22:no']),
    )
    expect(faultsOf(wrong).map((fault) => fault.split(' ')[0])).toEqual(Object.keys(wrong))
    expect(faultsOf(wrong).join()).not.toContain('hunter22')
  })

  it('an inherited or unknown variable is no setting', () => {
    expect(readSettings({ LECTERN_DEADLIN: '1', PATH: '/bin' }).deadline).toBe(25)
  })
})

describe('names that are not known', () => {
  // biome-ignore format: an environment a line
  it.each<[string, Record<string, string>, string | undefined]>([
    ['of others are not ours', { PATH: '/bin', MY_LECTERN_X: '1', lectern_log: 'x', LECTERN: '1', LECTREN_LOG: '1' }, undefined],
    ['are none of the table', Object.fromEntries(Object.values(settingRows).map(({ variable }) => [variable, 'x'])), undefined],
    ['count only where they hold something', { LECTERN_ANSWER_BUGDET: '' }, undefined],
    ['are told with the nearest', { LECTERN_ANSWER_BUGDET: '5' }, 'LECTERN_ANSWER_BUGDET (did you mean LECTERN_ANSWER_BUDGET?)'],
    ['are told without one that shares the prefix alone', { LECTERN_ZZZZZZ: '5' }, 'LECTERN_ZZZZZZ'],
    ['are sorted', { LECTERN_SESION_SECRETS: 's3cret', LECTERN_IDP_CLIENTID: 'id' }, 'LECTERN_IDP_CLIENTID (did you mean LECTERN_IDP_CLIENT_ID?), LECTERN_SESION_SECRETS (did you mean LECTERN_SESSION_SECRETS?)'],
    ['cannot write into the log', { 'LECTERN_\n{"status":200}\u202e': 'x' }, 'LECTERN_ {"status":200}'],
    ['are counted beyond ten', Object.fromEntries(Array.from({ length: 12 }, (_, at) => [`LECTERN_QQQQQQQQ${at + 10}`, '1'])), `${Array.from({ length: 10 }, (_, at) => `LECTERN_QQQQQQQQ${at + 10}`).join(', ')} and 2 more`],
  ])('%s', (_, env, told) => {
    expect(unknownSettings(env)).toBe(told === undefined ? undefined : `lectern: not known, and not read: ${told}`)
  })

  it('are not those that something else reads', () => {
    expect(unknownSettings({ LECTERN_SHOP_KEY: 'k' }, ['LECTERN_SHOP_KEY'])).toBe(undefined)
  })
})
