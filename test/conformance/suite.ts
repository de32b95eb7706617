/** The official conformance suite as a program: installed once, run unmodified, its checks read from what it wrote. */
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const folder = import.meta.dirname
const SUITE = '@modelcontextprotocol/conformance'
const program = join(folder, 'node_modules', SUITE, 'dist/index.js')
/** The suite needs Node 22, which the repository brings along for whoever runs on an older one. */
const node =
  Number(process.versions.node.split('.')[0]) >= 22
    ? process.execPath
    : join(folder, '../../node_modules/.bin/node')
/** Longest that one run may take, in milliseconds. */
const LIMIT = 180_000

export interface Check {
  scenario: string
  /** `scenario: id`, and which of them where an id comes more than once. */
  name: string
  status: 'SUCCESS' | 'FAILURE' | 'WARNING' | 'SKIPPED' | 'INFO'
  message: string | undefined
}

/** Installs what the lockfile names, where that was not done yet; it is too large to be installed with the repository. */
export async function install(): Promise<void> {
  if (isInstalled()) return
  const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline']
  const { code, printed } = await execute('npm', ['ci', ...options])
  if (code === 0) return
  throw new Error(
    `The conformance suite is not installed: npm ci in test/conformance needs the package registry, once.\n${printed}`,
  )
}

/** npm writes its own list last, so that an installation that was cut short has none. */
function isInstalled(): boolean {
  const list = join(folder, 'node_modules/.package-lock.json')
  if (!existsSync(list) || !existsSync(program)) return false
  const [installed, wanted] = [list, join(folder, 'package-lock.json')].map(
    (file) => JSON.parse(readFileSync(file, 'utf8')).packages[`node_modules/${SUITE}`].version,
  )
  return installed === wanted
}

/** Runs one command of the suite; `onOutput` is given all that was printed so far, each time that there is more. */
export async function runSuite(
  args: string[],
  onOutput: (printed: string) => void = () => {},
): Promise<Check[]> {
  const results = mkdtempSync(join(tmpdir(), 'lectern-conformance-'))
  try {
    const { printed } = await execute(node, [program, ...args, '-o', results], onOutput)
    const checks = readdirSync(results, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('checks.json'))
      .flatMap((file) => readChecks(results, file))
    const announced = Number(/\((\d+) scenarios\)/.exec(printed)?.[1])
    const run = new Set(checks.map(({ scenario }) => scenario)).size
    if (run !== announced) throw new Error(`the suite ran ${run} of ${announced} scenarios:\n${printed}`)
    return checks
  } finally {
    rmSync(results, { recursive: true })
  }
}

/** A scenario's folder is named after the command, the scenario and the time. */
function readChecks(results: string, file: string): Check[] {
  const folder = /([^/]+?)-\d{4}-\d\d-\d\dT[^/]*\/checks\.json$/.exec(file)?.[1] ?? file
  const scenario = folder.replace(/^(authorization-)?server-/, '')
  const found = JSON.parse(readFileSync(join(results, file), 'utf8')) as {
    id: string
    status: Check['status']
    errorMessage?: string
  }[]
  const seen = new Map<string, number>()
  return found.map(({ id, status, errorMessage }) => {
    const count = (seen.get(id) ?? 0) + 1
    seen.set(id, count)
    const name = `${scenario}: ${id}${count > 1 ? ` (${count})` : ''}`
    return { scenario, name, status, message: errorMessage }
  })
}

function execute(
  command: string,
  args: string[],
  onOutput: (printed: string) => void = () => {},
): Promise<{ code: number | null; printed: string }> {
  const child = spawn(command, args, { cwd: folder, timeout: LIMIT, stdio: ['ignore', 'pipe', 'pipe'] })
  let printed = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      printed += chunk
      onOutput(printed)
    })
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject).on('close', (code) => resolve({ code, printed }))
  })
}
