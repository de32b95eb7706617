/** A file in place of another in one step: whoever reads meanwhile meets the old one or the new one, and no half. */
import { randomBytes } from 'node:crypto'
import { open, realpath, rename, stat, unlink } from 'node:fs/promises'
import { StartError } from '../errors.ts'

/** Keeps the mode of the file that was there; a link stays one. Throws StartError. */
export async function replaceFile(file: string, content: string | Uint8Array): Promise<void> {
  try {
    const target = await realpath(file).catch(() => file)
    const mode = await stat(target).then(
      (status) => status.mode & 0o777,
      () => 0o644,
    )
    const aside = `${target}.${randomBytes(6).toString('hex')}`
    try {
      const handle = await open(aside, 'wx', mode)
      try {
        await handle.writeFile(content)
        await handle.sync()
      } finally {
        await handle.close()
      }
      await rename(aside, target)
    } catch (error) {
      await unlink(aside).catch(() => {})
      throw error
    }
  } catch (error) {
    throw new StartError(`${file} cannot be written`, [(error as Error).message])
  }
}
