/** What is claimed once is claimed for all, in one process and in processes that share a folder; nothing grows without bound. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createReplayFolder } from '../../src/node/replay.ts'
import type { ReplayGuard } from '../../src/ports.ts'
import { createReplayGuard } from '../../src/replay.ts'

/** The Node that runs TypeScript as it is; `npm install` brings it. */
const NODE = new URL('../../node_modules/node/bin/node', import.meta.url).pathname
/** Files carry the time of the machine, so the clock of the tests starts there. */
const START = Math.floor(Date.now() / 1000)
let folder: string
let clock = START
const now = () => clock

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'replay-'))
})

afterAll(() => rm(folder, { recursive: true }))

const kinds: [string, boolean, () => Promise<ReplayGuard>][] = [
  ['in memory', false, async () => createReplayGuard(now, 100)],
  ['in a folder', true, async () => createReplayFolder(await mkdtemp(join(folder, 'case-')), now)],
]

describe.each(kinds)('a guard %s', (_, shared, create) => {
  /** Seconds at which a step happens, the step, and what it answers. */
  type Step = [at: number, step: 'claim' | 'put' | 'get', key: string, rest: unknown[], answer: unknown]
  const stories: [string, Step[]][] = [
    ['lets the first claim', [[0, 'claim', 'a', [60], true], [0, 'claim', 'a', [60], false], [0, 'claim', 'b', [60], true]]],
    ['holds a claim to its last second', [[0, 'claim', 'a', [60], true], [59.9, 'claim', 'a', [60], false]]],
    ['lets it be claimed again after', [[0, 'claim', 'a', [60], true], [60, 'claim', 'a', [60], true], [61, 'claim', 'a', [60], false]]],
    ['does not lengthen a claim that is refused', [[0, 'claim', 'a', [60], true], [50, 'claim', 'a', [60], false], [60, 'claim', 'a', [60], true]]],
    ['remembers an answer', [[0, 'get', 'a', [], undefined], [0, 'put', 'a', ['one', 30], undefined], [29.9, 'get', 'a', [], 'one'], [30, 'get', 'a', [], undefined]]],
    ['remembers the later answer', [[0, 'put', 'a', ['one', 30], undefined], [10, 'put', 'a', ['two', 30], undefined], [39, 'get', 'a', [], 'two']]],
    ['tells claims from answers', [[0, 'put', 'a', ['one', 30], undefined], [0, 'claim', 'a', [30], true], [0, 'get', 'a', [], 'one'], [0, 'claim', 'a', [30], false]]],
    ['keeps line breaks, emptiness and every character', [[0, 'put', 'a', ['9\n\n1\r\n\u{1f600}\0', 30], undefined], [0, 'get', 'a', [], '9\n\n1\r\n\u{1f600}\0'], [0, 'put', 'b', ['', 30], undefined], [0, 'get', 'b', [], '']]],
    ['takes any key', [[0, 'claim', '../../etc/passwd', [30], true], [0, 'claim', '', [30], true], [0, 'claim', '__proto__', [30], true], [0, 'get', 'constructor', [], undefined]]],
  ] // biome-ignore format: one story a line
  it.each(stories)('%s', async (_, steps) => {
    clock = START
    const guard = await create()
    for (const [at, step, key, rest, answer] of steps) {
      clock = START + at
      const call = guard[step] as (...args: unknown[]) => Promise<unknown>
      expect(await call(key, ...rest), `${step} ${key} at ${at}`).toBe(answer)
    }
  })

  it('lets one of many at once', async () => {
    const guard = await create()
    const all = await Promise.all(Array.from({ length: 50 }, () => guard.claim('same', 60)))
    expect(all.filter(Boolean)).toHaveLength(1)
    clock += 61
    const later = await Promise.all(Array.from({ length: 50 }, () => guard.claim('same', 60)))
    expect(later.filter(Boolean)).toHaveLength(1)
  })

  it('says whether others see the same', async () => expect((await create()).shared).toBe(shared))
})

describe('a full guard', () => {
  it('refuses a claim rather than forget a living one', async () => {
    clock = START
    const guard = createReplayGuard(now, 3)
    for (const key of ['a', 'b', 'c']) await guard.claim(key, 60)
    await expect(guard.claim('d', 60)).rejects.toThrow('the replay guard is full: it holds 3 living claims')
    expect(await guard.claim('a', 60)).toBe(false)
    clock += 60
    expect(await guard.claim('d', 60)).toBe(true)
  })

  it('drops what has expired first, whatever its age', async () => {
    clock = START
    const guard = createReplayGuard(now, 3)
    await guard.claim('long', 600)
    await guard.claim('short', 5)
    await guard.put('answer', 'kept', 600)
    clock += 6
    expect(await guard.claim('new', 60)).toBe(true)
    expect([await guard.claim('long', 1), await guard.get('answer')]).toEqual([false, 'kept'])
  })

  it('gives up the answer that would expire soonest, for a claim or another answer', async () => {
    clock = START
    const guard = createReplayGuard(now, 3)
    await guard.put('revoked', 'yes', 3600)
    for (const key of ['a', 'b', 'c']) await guard.put(key, key, 60)
    expect(await Promise.all(['revoked', 'a', 'b', 'c'].map(guard.get))).toEqual(['yes', undefined, 'b', 'c'])
    expect(await guard.claim('x', 60)).toBe(true)
    expect(await Promise.all(['revoked', 'b', 'c'].map(guard.get))).toEqual(['yes', undefined, 'c'])
    for (const key of ['y', 'z']) await guard.claim(key, 60)
    await expect(guard.put('e', 'e', 60)).rejects.toThrow('the replay guard is full')
  })

  it('stays fast when every entry is living', async () => {
    clock = START
    const guard = createReplayGuard(now, 50_000)
    for (let each = 0; each < 50_000; each++) await guard.claim(`key ${each}`, 60)
    const started = performance.now()
    for (let each = 0; each < 10_000; each++) await guard.claim(`more ${each}`, 60).catch(() => {})
    const marks = createReplayGuard(now, 50_000)
    for (let each = 0; each < 60_000; each++) await marks.put(`mark ${each}`, '1', 3600)
    expect(performance.now() - started).toBeLessThan(2000)
  })
})

describe('a folder', () => {
  const claimOf = async (at: string) =>
    join(at, (await readdir(at)).find((name) => name.startsWith('claim-'))!)

  it.each([
    ['empty', ''],
    ['no number', 'soon\n'],
    ['a number in another form', '1e3\n'],
    ['an expiry without end', '9'.repeat(40)],
    ['bytes', '\0\xff\n'],
  ])('whose claim is %s counts it as living', async (_, content) => {
    clock = START
    const at = await mkdtemp(join(folder, 'case-'))
    const guard = await createReplayFolder(at, now)
    await guard.claim('a', 60)
    await writeFile(await claimOf(at), content)
    clock += 3600
    expect(await guard.claim('a', 60)).toBe(false)
  })

  it('hands out no answer that is a link, too large or not dated', async () => {
    const at = await mkdtemp(join(folder, 'case-'))
    const guard = await createReplayFolder(at, now)
    await guard.put('a', 'fine', 60)
    const [name] = await readdir(at)
    const other = join(folder, 'elsewhere')
    const content = await readFile(join(at, name!), 'utf8')
    await writeFile(other, content)
    await rm(join(at, name!))
    await symlink(other, join(at, name!))
    expect(await guard.get('a')).toBeUndefined()
    await rm(join(at, name!))
    for (const wrong of [content + 'x'.repeat(200_000), 'fine', `-${content}`, '']) {
      await writeFile(join(at, name!), wrong)
      expect(await guard.get('a')).toBeUndefined()
    }
  })

  it('names no key and is read by its owner alone', async () => {
    const at = join(folder, 'made', 'deep')
    const guard = await createReplayFolder(at, now)
    await guard.claim('s3cret', 60)
    await guard.put('s3cret', 'answer', 60)
    const names = await readdir(at)
    for (const name of names) expect(name).toMatch(/^(claim|answer)-[\w-]{43}$/)
    const modes = await Promise.all([at, ...names.map((name) => join(at, name))].map((path) => stat(path)))
    expect(modes.map(({ mode }) => mode & 0o777)).toEqual([0o700, 0o600, 0o600])
  })

  it('is swept a little at each call, and only of what expired long enough ago', async () => {
    clock = START
    const at = await mkdtemp(join(folder, 'case-'))
    const guard = await createReplayFolder(at, now)
    for (let each = 0; each < 40; each++) await guard.claim(`old ${each}`, 60)
    await writeFile(join(at, 'notes.txt'), 'not ours')
    await writeFile(join(at, 'draft-left'), '')
    await utimes(join(at, 'draft-left'), START, START)
    clock += 120
    for (let each = 0; each < 10; each++) await guard.claim(`a ${each}`, 3600)
    expect(await readdir(at)).toHaveLength(52)
    clock += 400
    const before = (await readdir(at)).length
    await guard.claim('b', 3600)
    expect(before - (await readdir(at)).length).toBeLessThanOrEqual(8)
    for (let each = 0; each < 10; each++) await guard.claim(`c ${each}`, 3600)
    expect((await readdir(at)).filter((name) => name.startsWith('claim-'))).toHaveLength(21)
    clock += 90_000
    for (let each = 0; each < 10; each++) await guard.claim(`d ${each}`, 3600)
    expect((await readdir(at)).filter((name) => !name.startsWith('claim-'))).toEqual(['notes.txt'])
  })

  it('that cannot be written to stops the start', async () => {
    const file = join(folder, 'file')
    await writeFile(file, '')
    await expect(createReplayFolder(join(file, 'below'), now)).rejects.toThrow(
      /LECTERN_REPLAY_DIR cannot be written to/,
    )
  })

  it('that goes away fails the claim', async () => {
    const at = await mkdtemp(join(folder, 'case-'))
    const guard = await createReplayFolder(at, now)
    await rm(at, { recursive: true })
    await expect(guard.claim('a', 60)).rejects.toThrow(/ENOENT/)
    await expect(guard.put('a', 'b', 60)).rejects.toThrow(/ENOENT/)
  })
})

describe('two processes over one folder', () => {
  it('win each claim once, fresh or expired', async () => {
    const at = await mkdtemp(join(folder, 'race-'))
    const stale = await createReplayFolder(at, () => 1000)
    for (let each = 25; each < 50; each++) await stale.claim(`key ${each}`, 60)
    const won = await Promise.all([race(at), race(at)])
    const winners = Array.from(
      { length: 50 },
      (_, each) => won.filter((keys) => keys.includes(`key ${each}`)).length,
    )
    expect(winners).toEqual(Array.from({ length: 50 }, () => 1))
    expect((await readdir(at)).filter((name) => !/^claim-[\w-]{43}$/.test(name))).toEqual([])
  })
})

/** A process of its own that claims the fifty keys, in bursts; the keys that it won. */
async function race(at: string): Promise<string[]> {
  const program = `
    import { createReplayFolder } from ${JSON.stringify(new URL('../../src/node/replay.ts', import.meta.url).href)}
    const guard = await createReplayFolder(${JSON.stringify(at)}, () => Date.now() / 1000)
    const start = Math.ceil(Date.now() / 1000 + 0.2) * 1000
    while (Date.now() < start);
    const keys = Array.from({ length: 50 }, (_, each) => 'key ' + each)
    const won = await Promise.all(keys.map((key) => guard.claim(key, 600)))
    console.log(JSON.stringify(keys.filter((_, each) => won[each])))`
  const child = spawn(
    NODE,
    ['--experimental-strip-types', '--no-warnings', '--input-type=module', '-e', program],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  let printed = ''
  child.stdout.on('data', (chunk) => {
    printed += chunk
  })
  const [code] = await once(child, 'close')
  expect(code).toBe(0)
  return JSON.parse(printed)
}
