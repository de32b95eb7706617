/** The replay guard as a Durable Object, in real workerd: one of many wins, and what has expired is forgotten. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Dev, startWrangler } from './wrangler.ts'

let dev: Dev
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'replay-object-'))
  dev = await start()
})

afterAll(async () => {
  await dev.close()
  await rm(folder, { recursive: true })
})

const start = () => startWrangler(['--config', 'test/workers/replay.toml', '--persist-to', folder])

async function ask(path: string, value?: string): Promise<unknown> {
  const answer = await fetch(dev.url + path, value === undefined ? {} : { method: 'POST', body: value })
  expect(answer.status).toBe(200)
  return answer.json()
}

it('lets one of fifty claims at once, for each of ten keys', async () => {
  for (let key = 0; key < 10; key++) {
    const all = await Promise.all(Array.from({ length: 50 }, () => ask(`/claim?key=k${key}&ttl=60`)))
    expect(all.filter((each) => (each as { first: boolean }).first)).toHaveLength(1)
  }
})

it('lets a key be claimed again once its time is over', async () => {
  expect(await ask('/claim?key=short&ttl=1')).toEqual({ first: true })
  expect(await ask('/claim?key=short&ttl=1')).toEqual({ first: false })
  await wait(1500)
  expect(await ask('/claim?key=short&ttl=60')).toEqual({ first: true })
  expect(await ask('/claim?key=short&ttl=60')).toEqual({ first: false })
})

it('remembers the last answer for its time, beside the claim of the same key', async () => {
  const long = 'long '.repeat(10_000)
  expect(await ask('/get?key=a')).toEqual({ value: 'nothing' })
  await ask('/put?key=a&ttl=60', long)
  expect(await ask('/get?key=a')).toEqual({ value: long })
  expect(await ask('/claim?key=a&ttl=60')).toEqual({ first: true })
  await ask('/put?key=a&ttl=1', 'two')
  expect(await ask('/get?key=a')).toEqual({ value: 'two' })
  await wait(1500)
  expect(await ask('/get?key=a')).toEqual({ value: 'nothing' })
  expect(await ask('/claim?key=a&ttl=60')).toEqual({ first: false })
})

it('holds its claims when everything starts anew', async () => {
  await ask('/claim?key=lasting&ttl=600')
  await dev.close()
  dev = await start()
  expect(await ask('/claim?key=lasting&ttl=600')).toEqual({ first: false })
})
