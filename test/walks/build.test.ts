/** The build as two shells meet it: both start a command in a clean clone at once, and neither imports a half of what the other writes. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFile, cp, mkdtemp, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const root = new URL('../..', import.meta.url).pathname
const COPIED = ['.ci', 'src', 'openapi', 'package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json'] // biome-ignore format: one line

let clone: string
beforeAll(async () => {
  clone = await mkdtemp(join(tmpdir(), 'clone-'))
  for (const name of COPIED) await cp(join(root, name), join(clone, name), { recursive: true })
  await symlink(join(root, 'node_modules'), join(clone, 'node_modules'))
})
afterAll(() => rm(clone, { recursive: true }))

async function npm(...args: string[]) {
  const child = spawn('npm', args, { cwd: clone, env: { ...process.env, NO_COLOR: '1' } })
  let out = ''
  let err = ''
  child.stdout.setEncoding('utf8').on('data', (chunk) => {
    out += chunk
  })
  child.stderr.setEncoding('utf8').on('data', (chunk) => {
    err += chunk
  })
  const [code] = await once(child, 'close')
  return { code, out, err }
}
const settings = () => npm('run', '-s', 'lectern', '--', 'settings')
const built = async (file: string) => (await stat(join(clone, 'dist', file))).mtimeMs

describe('two commands at once', () => {
  it('both work, in a clean clone and after a change', { timeout: 120_000 }, async () => {
    for (const change of [null, '\n']) {
      if (change !== null) await appendFile(join(clone, 'src/json.ts'), change)
      const both = await Promise.all([settings(), settings()])
      for (const { code, out, err } of both) {
        expect([code, err.replace(/^npm warn .*\n/gm, '')]).toEqual([0, ''])
        expect(out).toContain('| `PORT` | `8787` |')
      }
    }
    expect((await readdir(clone)).filter((name) => name.startsWith('.build-'))).toEqual([])
  })
})

describe('one build after another', () => {
  it('does nothing where no source changed, and takes away what is made no more', {
    timeout: 120_000,
  }, async () => {
    await settings()
    const before = await built('cli.js')
    await settings()
    expect(await built('cli.js')).toBe(before)
    await writeFile(join(clone, 'src/extra.ts'), '/** More. */\nexport const more = 1\n')
    await settings()
    expect(await built('extra.js')).toBeGreaterThan(before)
    await rm(join(clone, 'src/extra.ts'))
    await settings()
    await expect(built('extra.js')).rejects.toThrow('ENOENT')
    expect(await built('mcp/openapi.json')).toBeGreaterThan(before)
  })

  it('leaves what was built where the sources do not compile, and says so', {
    timeout: 120_000,
  }, async () => {
    const before = await built('cli.js')
    await writeFile(join(clone, 'src/extra.ts'), '/** Wrong. */\nexport const more: string = 1\n')
    const { code, out, err } = await settings()
    expect(code).not.toBe(0)
    expect(out + err).toContain('src/extra.ts')
    expect(await built('cli.js')).toBe(before)
  })
})
