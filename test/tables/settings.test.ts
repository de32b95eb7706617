/** Every setting has its default, keeps its bounds, and is refused in words together with all others that are wrong. */
import { describe, expect, it } from 'vitest'
import { StartError } from '../../src/errors.ts'
import { readSettings, type Settings, settingRows } from '../../src/settings.ts'

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
  ['maxBinaryBytes', 'LECTERN_MAX_BINARY_BYTES', 2 * MIB, '0', '16777216', '-1', '16777217'],
  ['maxClients', 'LECTERN_MAX_CLIENTS', 1024, '1', '100000', '0', '100001'],
  ['clientTimeout', 'LECTERN_CLIENT_TIMEOUT', 60, '1', '600', '0.9', '601'],
  ['connections', 'LECTERN_CONNECTIONS', 64, '1', '1024', '0', '1025'],
  ['listTtl', 'LECTERN_LIST_TTL', 300, '0', '86400', '-1', '86401'],
] // biome-ignore format: one row a line
const FRACTIONS = ['LECTERN_DEADLINE', 'LECTERN_CONNECT_TIMEOUT', 'LECTERN_IDLE_TIMEOUT']

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
    for (const value of FRACTIONS.includes(variable) ? wrong : [...wrong, '1.5', '2000.5']) {
      expect(faultsOf({ [variable]: value }), value).toEqual([expect.stringMatching(`^${variable} .`)])
    }
  })
})

describe('words', () => {
  const rows: [Key, string, default_: unknown, right: [string, unknown][], wrong: string[]][] = [
    ['host', 'HOST', '127.0.0.1', [['0.0.0.0', '0.0.0.0'], ['::1', '::1']], []],
    ['publicUrl', 'LECTERN_PUBLIC_URL', undefined, [['https://mcp.example.com', 'https://mcp.example.com'], ['http://localhost:8787', 'http://localhost:8787']], ['mcp.example.com', 'https://mcp.example.com/', 'https://mcp.example.com/mcp', 'https://MCP.example.com', 'https://mcp.example.com:443', 'https://u:p@mcp.example.com', 'null', '*', 'file:///etc', 'javascript:alert(1)', 'ws://mcp.example.com']],
    ['upstreamUrl', 'LECTERN_UPSTREAM_URL', undefined, [['http://127.0.0.1:9000', 'http://127.0.0.1:9000'], ['https://api.example.com/base/', 'https://api.example.com/base/']], ['api.example.com', 'ftp://api.example.com', 'https://api.example.com?x=1', 'https://api.example.com?', 'https://api.example.com#x', 'https://api.example.com#', 'https://u@api.example.com', 'https://:p@api.example.com', 'file:///etc/passwd']],
    ['allowedOrigins', 'LECTERN_ALLOWED_ORIGINS', [], [['https://a.example', ['https://a.example']], [' https://a.example , http://b.example:81, ', ['https://a.example', 'http://b.example:81']]], ['*', 'null', 'https://a.example/', 'https://a.example,b', 'https://*.example']],
    ['log', 'LECTERN_LOG', 'json', [['json', 'json'], ['off', 'off']], ['JSON', 'true', 'on']],
  ] // biome-ignore format: one row a line
  it.each(rows)('%s', (key, variable, preset, right, wrong) => {
    expect(readSettings({})[key]).toEqual(preset)
    for (const [value, expected] of right)
      expect(readSettings({ [variable]: value })[key], value).toEqual(expected)
    for (const value of wrong) {
      expect(faultsOf({ [variable]: value }), value).toEqual([expect.stringMatching(`^${variable} .`)])
    }
  })
})

describe('all together', () => {
  it('every setting has a row above', () => {
    const above = [
      ...numbers.map(([key]) => key),
      'host',
      'publicUrl',
      'upstreamUrl',
      'allowedOrigins',
      'log',
    ]
    expect(Object.keys(settingRows).sort()).toEqual(above.sort())
  })

  it('every fault is told at once, and none repeats a value', () => {
    const wrong = Object.fromEntries(
      Object.values(settingRows)
        .filter(({ variable }) => variable !== 'HOST')
        .map(({ variable }) => [variable, 'hunter22:no']),
    )
    expect(faultsOf(wrong).map((fault) => fault.split(' ')[0])).toEqual(Object.keys(wrong))
    expect(faultsOf(wrong).join()).not.toContain('hunter22')
  })

  it('an inherited or unknown variable is no setting', () => {
    expect(readSettings({ LECTERN_DEADLIN: '1', PATH: '/bin' }).deadline).toBe(25)
  })
})
