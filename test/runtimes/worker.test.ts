/** How a Worker starts, without its runtime: isolates are several, whatever the settings say, unless it is a machine of one. */
import { describe, expect, it, vi } from 'vitest'
import { loadFlowtly } from '../../src/commands/flowtly.ts'
import { StartError } from '../../src/errors.ts'
import { createWorker } from '../../src/worker.ts'
import { newSecret } from '../fleet.ts'

const catalog = loadFlowtly()
const PUBLIC = 'https://mcp.example.com'
const CALLBACK = { LECTERN_EXCHANGE: 'callback' }
/** As much of the binding as a start looks at. */
const REPLAY = {
  idFromName: (name: string) => name,
  get: (): never => expect.unreachable('nobody signs in here'),
}

const environment = (more: Record<string, unknown>) => ({
  LECTERN_LOG: 'off',
  LECTERN_PUBLIC_URL: PUBLIC,
  LECTERN_SESSION_SECRETS: newSecret(),
  LECTERN_REGISTRATION_SECRETS: newSecret(),
  LECTERN_IDP_ISSUER: 'https://id.example.com',
  LECTERN_IDP_CLIENT_ID: 'lectern',
  ...more,
})

/** The first request, which makes the app: its status, or the faults for which there is none. */
async function start(more: Record<string, unknown>): Promise<number | readonly string[]> {
  const env = environment(more)
  try {
    const request = new Request(`${env.LECTERN_PUBLIC_URL}/health`)
    return (await createWorker(catalog).fetch(request, env)).status
  } catch (error) {
    expect(error).toBeInstanceOf(StartError)
    return (error as StartError).faults
  }
}

const missing = (processes: number) => [
  expect.stringMatching(
    `^callback over ${processes} processes needs a replay guard that they share: .*REPLAY`,
  ),
]

describe('the callback’s own codes at a Worker', () => {
  // biome-ignore format: an environment a line
  it.each([
    ['need the Durable Object', CALLBACK, missing(2)],
    ['need it though the settings speak of one process', { ...CALLBACK, LECTERN_REPLICAS: '1' }, missing(2)],
    ['need it over as many as the settings say', { ...CALLBACK, LECTERN_REPLICAS: '7' }, missing(7)],
    ['need it where something else is bound under its name', { ...CALLBACK, REPLAY: { get: (): undefined => undefined } }, missing(2)],
    ['have it', { ...CALLBACK, REPLAY }, 200],
    ['do without it on loopback', { ...CALLBACK, LECTERN_PUBLIC_URL: 'http://127.0.0.1:8787' }, 200],
    ['need it on loopback of several', { ...CALLBACK, LECTERN_PUBLIC_URL: 'http://127.0.0.1:8787', LECTERN_REPLICAS: '2' }, missing(2)],
    ['are not its own where /token redeems', {}, 200],
  ])('%s', async (_, more, expected) => {
    expect(await start(more)).toEqual(expected)
  })
})

it('a Worker without secrets makes none up, but on loopback', async () => {
  const none = { LECTERN_SESSION_SECRETS: '', LECTERN_REGISTRATION_SECRETS: '' }
  expect(await start(none)).toEqual([
    expect.stringMatching(/^LECTERN_SESSION_SECRETS is missing/),
    expect.stringMatching(/^LECTERN_REGISTRATION_SECRETS is missing/),
  ])
  expect(await start({ ...none, LECTERN_PUBLIC_URL: 'http://localhost:8787' })).toBe(200)
})

describe('a binding whose name is not known', () => {
  it('is told once an isolate, without its value, and does not stop it', async () => {
    const told = vi.spyOn(console, 'warn').mockImplementation(() => {})
    const env = environment({ LECTERN_SESION_SECRETS: 's3cret', LECTERN_DEPLOYED: 7 })
    const worker = createWorker(catalog)
    const statuses = [1, 2].map(async () => (await worker.fetch(new Request(`${PUBLIC}/health`), env)).status)
    expect(await Promise.all(statuses)).toEqual([200, 200])
    expect(told.mock.calls).toEqual([
      ['lectern: not known, and not read: LECTERN_SESION_SECRETS (did you mean LECTERN_SESSION_SECRETS?)'],
    ])
    told.mockRestore()
  })
})
