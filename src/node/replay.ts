/** A replay guard in a folder that several processes share, on one machine or over a network file system. */
import { constants } from 'node:fs'
import { type FileHandle, lstat, mkdir, open, opendir, rename, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { StartError } from '../errors.ts'
import type { ReplayGuard } from '../ports.ts'
import { digest, randomToken } from '../sealing/random.ts'

/** Entries looked at for their expiry in one call, so that no call pays for what others left behind. */
const SWEPT = 8
/** Seconds from the end of one sweep to the next. */
const SWEEP_PAUSE = 60
/** Seconds that a file stays beyond its expiry: another process may have a slower clock and still count on it. */
const CLOCK_SKEW = 300
/** Seconds after which a file without a readable expiry goes: its writer ended between two steps. */
const ABANDONED = 86_400
const MOST_BYTES = 128 * 1024

/**
 * A claim is a file that only one process can create (`O_EXCL`, which NFS keeps since version 3); it is replaced after its
 * expiry by the one process that holds its lock. A file that cannot be read counts as a living claim. `now` in seconds since
 * 1970. Names are digests, so no key becomes a path. Answers lie there as they were given: whoever puts a secret seals it.
 * Throws StartError where nothing can be written.
 */
export async function createReplayFolder(folder: string, now: () => number): Promise<ReplayGuard> {
  const sweep = createSweep(folder, now)
  const draft = () => join(folder, `draft-${randomToken(16)}`)
  await probe(folder, draft())

  async function write(file: string, expiry: number, value = ''): Promise<void> {
    const written = draft()
    await create(written, `${expiry}\n${value}`)
    await rename(written, file)
  }

  return {
    shared: true,
    async claim(key, ttl) {
      const file = join(folder, `claim-${await digest(key)}`)
      const expiry = Math.ceil(now() + ttl)
      let first = await create(file, `${expiry}\n`)
      if (!first && (await hasExpired(file, now()))) {
        await locked(file, async () => {
          first = (await hasExpired(file, now())) || (await create(file, ''))
          if (first) await write(file, expiry)
        })
      }
      await sweep()
      return first
    },
    async put(key, value, ttl) {
      await write(join(folder, `answer-${await digest(key)}`), Math.ceil(now() + ttl), value)
      await sweep()
    },
    async get(key) {
      const text = await read(join(folder, `answer-${await digest(key)}`), MOST_BYTES)
      const [, expiry, value] = /^(\d{1,12})\n([\s\S]*)$/.exec(text ?? '') ?? []
      return Number(expiry) > now() ? value : undefined
    },
  }
}

/** The folder, made if need be, takes a file. */
async function probe(folder: string, file: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    await create(file, '')
    await unlink(file)
  } catch (error) {
    const { code = 'an error' } = error as NodeJS.ErrnoException
    throw new StartError('The replay guard cannot start', [
      `LECTERN_REPLAY_DIR cannot be written to (${code}): name a folder that every process may write to`,
    ])
  }
}

/** True for the one process that creates the file; what it holds follows in a second step. */
async function create(file: string, content: string): Promise<boolean> {
  let handle: FileHandle
  try {
    handle = await open(file, 'wx', 0o600)
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false
    throw error
  }
  try {
    await handle.writeFile(content)
  } finally {
    await handle.close()
  }
  return true
}

/** Runs `task` unless another process runs one for the same file. */
async function locked(file: string, task: () => Promise<void>): Promise<void> {
  if (!(await create(`${file}.lock`, ''))) return
  try {
    await task()
  } finally {
    await unlink(`${file}.lock`)
  }
}

/** True only where the file says so. */
async function hasExpired(file: string, now: number): Promise<boolean> {
  const expiry = /^(\d{1,12})\n/.exec((await read(file, 16, 'start')) ?? '')?.[1]
  return expiry !== undefined && Number(expiry) <= now
}

/**
 * At most `most` bytes of a plain file, no link and no pipe; undefined where there is none. A longer one is not read, or
 * only its `start`.
 */
async function read(
  file: string,
  most: number,
  extent: 'whole' | 'start' = 'whole',
): Promise<string | undefined> {
  let handle: FileHandle
  try {
    handle = await open(file, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0))
  } catch (error) {
    if (isCode(error, 'ENOENT', 'ELOOP')) return undefined
    throw error
  }
  try {
    const status = await handle.stat()
    if (!status.isFile() || (extent === 'whole' && status.size > most)) return undefined
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(Math.min(most, status.size)))
    return buffer.toString('utf8', 0, bytesRead)
  } finally {
    await handle.close()
  }
}

function isCode(error: unknown, ...codes: string[]): boolean {
  return codes.includes((error as NodeJS.ErrnoException).code ?? '')
}

/** Each call looks at a few entries; what is amiss with them is not the caller's trouble. */
function createSweep(folder: string, now: () => number): () => Promise<void> {
  let pass: AsyncIterableIterator<{ name: string }> | undefined
  let nextPass = 0
  let sweeping = false

  async function look(): Promise<void> {
    pass ??= (await opendir(folder))[Symbol.asyncIterator]()
    for (let looked = 0; looked < SWEPT; looked++) {
      const { done, value } = await pass.next()
      if (done) {
        pass = undefined
        nextPass = now() + SWEEP_PAUSE
        return
      }
      if (/^(claim|answer|draft)-[\w-]+(\.lock)?$/.test(value.name))
        await drop(join(folder, value.name), now())
    }
  }

  return async () => {
    if (sweeping || now() < nextPass) return
    sweeping = true
    try {
      await look()
    } catch {
      await pass?.return?.().catch(() => {})
      pass = undefined
    } finally {
      sweeping = false
    }
  }
}

/** Deletes the file where it expired long enough ago. */
async function drop(file: string, now: number): Promise<void> {
  const latest = now - CLOCK_SKEW
  if (await hasExpired(file, latest)) {
    await locked(file, async () => {
      if (await hasExpired(file, latest)) await unlink(file)
    })
    return
  }
  const { mtimeMs } = await lstat(file)
  const untold = !/^\d{1,12}\n/.test((await read(file, 16, 'start')) ?? '')
  if (untold && mtimeMs / 1000 + ABANDONED <= now) await unlink(file)
}
