/** A few processes that share the documents; one that dies or hangs costs its document only. */
import { type ChildProcess, fork } from 'node:child_process'
import { join } from 'node:path'
import type { DocumentFile } from './documents.ts'
import type { Crash, Result } from './result.ts'

/** A document that takes longer is a runaway, in milliseconds. */
const LONGEST_MS = 120_000
/** Of V8's old space; what needs more would not start in a small container either. */
const MOST_MB = 2048
/** From here on a document has a process of its own, so that the memory measured is its own. */
export const ALONE_BYTES = 500_000

export type Outcome = { document: DocumentFile; result: Result | Crash }

/** Calls `done` for each document, in the order in which they end. */
export async function examineAll(
  documents: DocumentFile[],
  jobs: number,
  done: (outcome: Outcome) => void,
): Promise<void> {
  const left = [...documents]
  await Promise.all(Array.from({ length: jobs }, () => work(left, done)))
}

async function work(left: DocumentFile[], done: (outcome: Outcome) => void): Promise<void> {
  let child = start()
  for (let document = left.shift(); document !== undefined; document = left.shift()) {
    const result = await ask(child, document)
    done({ document, result })
    if (!('crash' in result) && document.bytes < ALONE_BYTES) continue
    child.kill('SIGKILL')
    child = start()
  }
  child.kill('SIGKILL')
}

function start(): ChildProcess {
  const execArgv = [`--max-old-space-size=${MOST_MB}`]
  return fork(join(import.meta.dirname, 'child.ts'), { execArgv, stdio: ['ignore', 'ignore', 'pipe', 'ipc'] })
}

function ask(child: ChildProcess, document: DocumentFile): Promise<Result | Crash> {
  return new Promise((resolve) => {
    let printed = ''
    const settle = (result: Result | Crash) => {
      clearTimeout(timer)
      child.removeAllListeners()
      child.stderr!.removeAllListeners()
      resolve(result)
    }
    const timer = setTimeout(() => settle({ crash: `no end within ${LONGEST_MS / 1000} s` }), LONGEST_MS)
    child.stderr!.on('data', (chunk) => {
      printed = `${printed}${chunk}`.slice(-4000)
    })
    child.on('message', (result) => settle(result as Result | Crash))
    child.on('exit', (code, signal) => {
      const thrown = /^\w*Error: .*$/m.exec(printed)?.[0] ?? printed.slice(-400)
      const why = /heap out of memory/.test(printed) ? 'out of memory' : thrown
      settle({ crash: `the process ended (${signal ?? code}): ${why}` })
    })
    child.send(document)
  })
}
