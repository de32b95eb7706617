/** /ready says what the upstream said, has patience for five seconds, and is no way to make load. */
import { describe, expect, it } from 'vitest'
import { loadFlowtly } from '../../src/commands/flowtly.ts'
import { EgressError } from '../../src/errors.ts'
import type { Ports } from '../../src/ports.ts'
import { createReadiness } from '../../src/ready.ts'
import { readSettings } from '../../src/settings.ts'

/** Ports whose upstream answers by `get`, and whose clock stands at `clock.now`. */
function portsOf(get: Ports['get'], clock = { now: 0 }): Ports {
  return {
    get,
    now: () => clock.now,
    random: () => 0.5,
    id: () => 'id',
    after: () => () => {},
    log: () => {},
  }
}

const answering =
  (status: number): Ports['get'] =>
  async () => ({ status, header: () => undefined, body: new Uint8Array() })
const readiness = (ports: Ports) => createReadiness(loadFlowtly(), readSettings({}), ports)

describe('the verdict', () => {
  it.each([
    [200, 200, { status: 'ok', upstream: 200 }],
    [401, 200, { status: 'ok', upstream: 401 }],
    [500, 503, { status: 'unavailable', upstream: 500 }],
    [503, 503, { status: 'unavailable', upstream: 503 }],
  ])('on %i is %i', async (given, status, body) => {
    expect(await readiness(portsOf(answering(given)))()).toEqual({ status, body })
  })

  it('on no answer says why in one word', async () => {
    const lost = async () => Promise.reject(new EgressError('connect', 'connect ECONNREFUSED 10.0.0.5:443'))
    expect(await readiness(portsOf(lost))()).toEqual({
      status: 503,
      body: { status: 'unavailable', upstream: 'connect' },
    })
  })

  it('comes after five seconds at the latest', async () => {
    const waits: number[] = []
    const silent: Ports['get'] = (_, { signal }) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(new EgressError('aborted', 'gone')))
      })
    const ports = portsOf(silent)
    ports.after = (seconds, run) => {
      waits.push(seconds)
      queueMicrotask(run)
      return () => {}
    }
    expect((await readiness(ports)()).status).toBe(503)
    expect(waits).toEqual([5])
  })
})

it('a hundred at once, and more within two seconds, ask once', async () => {
  let asked = 0
  const clock = { now: 100 }
  const isReady = readiness(
    portsOf((url, options) => answering(200)(url, options).finally(() => asked++), clock),
  )
  await Promise.all(Array.from({ length: 100 }, isReady))
  clock.now = 101.9
  await isReady()
  expect(asked).toBe(1)
  clock.now = 102
  await isReady()
  expect(asked).toBe(2)
})
