/** Builds `dist` where its sources changed: aside, then file by file into place, so that what runs or builds meanwhile meets no half of it. */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join, relative } from 'node:path'

process.chdir(join(import.meta.dirname, '..'))

/** What `dist` is made of; the lockfile names the compiler. */
const FILES = ['package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json']
const FOLDERS = ['src', 'openapi']
/** By its own path, so that the build needs no script of npm around it. */
const COMPILER = 'node_modules/typescript/bin/tsc'
/** Holds the digest of what `dist` was made of; written last, so that a build which was broken off is done again. */
const STAMP = 'dist/.built'

const digest = digestOf([...FILES, ...FOLDERS.flatMap(filesIn)])
const isFresh = existsSync(STAMP) && readFileSync(STAMP, 'utf8') === digest
if (!isFresh && !build()) process.exitCode = 1

/** False where the compiler refused, which has then said why. */
function build() {
  // Beside `dist`, since what is compiled reads ../openapi, and a rename is one step within a file system only.
  const aside = mkdtempSync('.build-')
  try {
    const made =
      run(process.execPath, COMPILER, '-p', 'tsconfig.build.json', '--outDir', aside) &&
      run(process.execPath, `${aside}/cli.js`, 'document', '--out', `${aside}/mcp/openapi.json`)
    if (made) place(aside)
    return made
  } finally {
    rmSync(aside, { recursive: true, force: true })
  }
}

/** Each new file takes the place of the old one in one step; what is made no more goes. */
function place(aside) {
  const files = filesIn(aside).map((file) => relative(aside, file))
  rmSync(STAMP, { force: true })
  for (const file of files) {
    mkdirSync(dirname(join('dist', file)), { recursive: true })
    renameSync(join(aside, file), join('dist', file))
  }
  for (const file of filesIn('dist'))
    if (!files.includes(relative('dist', file))) rmSync(file, { force: true })
  writeFileSync(join(aside, 'built'), digest)
  renameSync(join(aside, 'built'), STAMP)
}

function filesIn(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
}

function digestOf(files) {
  const hash = createHash('sha256')
  for (const file of files.sort()) hash.update(`${file}\n`).update(readFileSync(file))
  return hash.digest('hex')
}

function run(command, ...args) {
  const { status, error } = spawnSync(command, args, { stdio: 'inherit' })
  if (error) console.error(`${command} cannot be run: ${error.message}`)
  return status === 0
}
