/** What a command prints on the standard output. */

/** All of it, however slowly it is read; a reader that leaves early, as `head` does, is no fault. */
export function print(text: string): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
  process.stdout.write(`${text}\n`)
}
