/** The house holds: imports point one way, rooms stay small, the core touches no runtime, and every X has its Y. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, relative } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadFlowtly } from '../src/commands/flowtly.ts'
import { settingsTable } from '../src/commands/settings.ts'
import { VERSION } from '../src/version.ts'
import { loadFlowpos } from './flowpos.ts'

const root = new URL('..', import.meta.url).pathname
const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => ({ file, text: readFileSync(join(root, 'src', file), 'utf8') }))

/** A room may import from rooms of a lower floor and from itself. */
const FLOORS: Record<string, number> = {
  'json.ts': 0, 'errors.ts': 0, 'wire.ts': 0, 'syntax.ts': 0, 'version.ts': 0, 'ports.ts': 0, 'settings.ts': 0, 'modules.d.ts': 0,
  tools: 1, document: 1, sealing: 1, 'replay.ts': 1,
  'unknown-settings.ts': 2, access: 2, pages: 2, answers: 2,
  connector: 3,
  mcp: 4, oauth: 4, connectors: 4, doctor: 4, 'guard.ts': 4, 'ready.ts': 4,
  drift: 5, 'door.ts': 5, 'discovery.ts': 5, 'parts.ts': 5,
  'app.ts': 6, node: 6, worker: 6, sandbox: 6,
  'worker.ts': 7, 'node.ts': 7, audit: 7,
  'lectern.ts': 8, 'flowtly.worker.ts': 8, commands: 8,
  'cli.ts': 9,
} // biome-ignore format: a floor a line

const RUNTIMES = [
  'worker.ts',
  'worker',
  'node.ts',
  'node',
  'sandbox',
  'flowtly.worker.ts',
  'audit',
  'commands',
  'cli.ts',
]
const core = files.filter(({ file }) => !RUNTIMES.includes(roomOf(file)))

function roomOf(file: string): string {
  return file.split('/')[0]!
}

function importsOf({ file, text }: { file: string; text: string }): string[] {
  const found = [...text.matchAll(/^(?:import|export)\b[^'"]*?from '([^']+)'|^import '([^']+)'/gm)].map(
    (match) => match[1] ?? match[2]!,
  )
  return found.map((name) => (name.startsWith('.') ? normalize(join(dirname(file), name)) : name))
}

describe('imports', () => {
  it('every room has a floor', () => {
    expect(files.map(({ file }) => roomOf(file)).filter((room) => !(room in FLOORS))).toEqual([])
  })

  it('point to lower floors only', () => {
    const wrong = files.flatMap((each) =>
      importsOf(each)
        .filter((name) => name.endsWith('.ts') && roomOf(name) !== roomOf(each.file))
        .filter((name) => FLOORS[roomOf(name)]! >= Math.max(FLOORS[roomOf(each.file)]!, 1))
        .map((name) => `${each.file} -> ${name}`),
    )
    expect(wrong).toEqual([])
  })

  it('hold no circle among leaves', () => {
    const leaves = files.filter(({ file }) => FLOORS[file] === 0)
    const edges = new Map(
      leaves.map((each) => [each.file, importsOf(each).filter((name) => name.endsWith('.ts'))]),
    )
    const reaches = (from: string, to: string, seen = new Set<string>()): boolean =>
      (edges.get(from) ?? []).some(
        (next) => next === to || (!seen.has(next) && reaches(next, to, seen.add(next))),
      )
    expect(leaves.filter(({ file }) => reaches(file, file)).map(({ file }) => file)).toEqual([])
  })

  it('of packages stay where they belong', () => {
    const places: [RegExp, string[]][] = [
      [/^node:/, ['node.ts', 'node', 'sandbox', 'audit', 'commands', 'cli.ts']],
      [/^undici$/, ['node']],
      [/^@hono\/node-server/, ['node.ts', 'sandbox']],
      [/^hono/, ['app.ts', 'sandbox']],
      [/^zod$/, ['settings.ts', 'connector']],
      [/^js-yaml$/, ['document']],
    ]
    const wrong = files.flatMap((each) =>
      importsOf(each)
        .filter((name) =>
          places.some(([pattern, rooms]) => pattern.test(name) && !rooms.includes(roomOf(each.file))),
        )
        .map((name) => `${each.file} imports ${name}`),
    )
    expect(wrong).toEqual([])
  })
})

describe('the core', () => {
  it.each([
    ['the clock', /\bDate\.now\(|new Date\(\)|performance\.now/],
    ['chance', /Math\.random|randomUUID|getRandomValues/, 'sealing/random.ts'],
    ['the environment', /\bprocess\./],
    ['the network', /(?<![.\w])fetch\((?!url: string|request: Request)/],
    ['the console', /\bconsole\./],
    ['generated code', /new Function|\beval\(/],
  ])('does not touch %s', (_, pattern, but = '') => {
    const touching = core.filter(({ text }) => pattern.test(code(text))).map(({ file }) => file)
    expect(touching.filter((file) => file !== but)).toEqual([])
  })

  it('sets no timer but through its port', () => {
    const timed = core.filter(
      ({ file, text }) => /\bset(Timeout|Interval)\(/.test(text) && file !== 'ports.ts',
    )
    expect(timed.map(({ file }) => file)).toEqual([])
  })
})

describe('reading only', () => {
  const outside = files.filter(({ file }) => roomOf(file) !== 'sandbox')

  /**
   * Toward the identity provider, clients' documents, the Durable Object of the replay guard and a server that the doctor
   * examines: none is the upstream. The audit's client asks the connector in its own process, and its watch names the
   * channels on which Node tells of sockets.
   */
  const besides = [
    'node/fetch.ts',
    'node/mcp-talk.ts',
    'worker/fetch.ts',
    'worker/replay-object.ts',
    'audit/client.ts',
    'audit/watch.ts',
  ]

  it('sends to the upstream in two places, and each sends GET without a body', () => {
    const sending =
      /(?<!\.)\bfetch\((?!request, env\)|url: string|request: Request)|\.(request|stream|pipeline|dispatch)\(|\b(https?|net|tls|http2)\./
    const egress = outside.filter(({ file, text }) => !besides.includes(file) && sending.test(code(text)))
    expect(egress.map(({ file }) => file).sort()).toEqual(['node/get.ts', 'worker/get.ts'])
    for (const { text } of egress)
      expect([...text.matchAll(/method: '(\w+)'/g)].map(([, name]) => name)).toEqual(['GET'])
  })

  it('names a method other than GET only to refuse it, announce it or leave it out of a catalog', () => {
    const named = outside.filter(({ text }) =>
      /\b(POST|PUT|PATCH|DELETE)\b|'(post|put|patch|delete)'/.test(code(text)),
    )
    expect(named.map(({ file }) => file).sort()).toEqual([
      'app.ts',
      'audit/client.ts',
      'document/operations.ts',
      'guard.ts',
      'mcp/endpoint.ts',
      'node/mcp-talk.ts',
      'oauth/endpoints.ts',
      'worker/replay-object.ts',
    ])
    for (const { file, text } of named.filter(({ file }) => !besides.includes(file)))
      expect(code(text), file).not.toMatch(/\bmethod: '/)
  })

  it('asks another MCP server for nothing but its list, and only where a person has typed the command for it', () => {
    const importing = (name: string) =>
      files.filter((each) => importsOf(each).includes(name)).map(({ file }) => file)
    expect(importing('node/mcp-talk.ts')).toEqual(['node/listing.ts'])
    expect(importing('node/listing.ts')).toEqual(['commands/examined.ts'])
    const { text } = files.find(({ file }) => file === 'node/listing.ts')!
    const sent = [...text.matchAll(/'((?:[a-z]+\/[a-z]+)|initialize)'/g)].map(([, method]) => method)
    expect(sent).toEqual(['initialize', 'notifications/initialized', 'tools/list'])
  })
})

/** The text without comments, which may name what the code must not. */
function code(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|\/\/ .*/g, '')
}

describe('sizes', () => {
  const lengths = files.map(({ text }) => text.split('\n').length).sort((a, b) => a - b)
  it('no file is longer than a coffee', () => {
    expect(files.filter(({ text }) => text.split('\n').length > 255).map(({ file }) => file)).toEqual([])
  })
  it('the median file is short', () =>
    expect(lengths[Math.floor(lengths.length / 2)]).toBeLessThanOrEqual(110))
  it('functions fit a screen', () => {
    const long = files.flatMap(({ file, text }) => longFunctions(text).map((name) => `${file}: ${name}`))
    expect(long).toEqual([])
  })
})

/** Functions and methods of more than 50 lines, by the formatter's indentation. */
function longFunctions(text: string): string[] {
  const lines = text.split('\n')
  return lines.flatMap((line, start) => {
    const opening = /^( *)(?:export )?(?:async )?(?:function )?(#?\w+)\(.*[{(]$/.exec(line)
    if (!opening || /^ *(if|for|while|switch|catch)\b/.test(line)) return []
    const end = lines.findIndex(
      (each, at) => at > start && ['}', '},', '})'].some((end) => each === opening[1] + end),
    )
    return end - start > 50 ? [opening[2]!] : []
  })
}

describe('every', () => {
  it('file opens with a sentence on what it is', () => {
    expect(
      files.filter(({ text }) => !/^(#!.*\n)?\/\*\*[\s*]+[A-Z`1-9]/.test(text)).map(({ file }) => file),
    ).toEqual([])
  })

  it('name says what a thing is', () => {
    const vague = /(^|\/)(.*(manager|service|provider|util|helper|common)s?.*|data|info|index)\.ts$/i
    expect(files.filter(({ file }) => vague.test(file)).map(({ file }) => file)).toEqual([])
  })

  it('setting stands in the README with its default and meaning', () => {
    const readme = readFileSync(join(root, 'README.md'), 'utf8')
    expect(
      settingsTable()
        .split('\n')
        .filter((row) => !readme.includes(row)),
    ).toEqual([])
  })

  it('tool has a title, a description of at most 1,500 characters and described, typed arguments', () => {
    for (const { name, title, description, inputSchema } of [
      ...loadFlowtly().tools,
      ...loadFlowpos().tools,
    ]) {
      expect(title, name).toMatch(/^[A-Z].{3,60}$/)
      expect(description.length, name).toBeGreaterThan(40)
      expect(description.length, name).toBeLessThanOrEqual(1500)
      for (const [argument, schema] of Object.entries(inputSchema.properties)) {
        expect(schema.type, `${name} ${argument}`).toBeTypeOf('string')
        expect(schema.description?.length, `${name} ${argument}`).toBeGreaterThan(10)
      }
    }
  })

  it('version is the package’s', () => {
    expect(VERSION).toBe(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version)
  })

  it('file at the top is one that a stranger expects', () => {
    const known =
      /^(package(-lock)?\.json|tsconfig(\.build)?\.json|biome\.json|vitest(\.workers|\.browser)?\.config\.ts|wrangler\.toml|connector\.lock\.json|(README|ARCHITECTURE|CONTRIBUTING)\.md|LICENSE|docs|src|openapi|test|node_modules|dist|\..*)$/
    expect(readdirSync(root).filter((name) => !known.test(relative(root, join(root, name))))).toEqual([])
  })
})
