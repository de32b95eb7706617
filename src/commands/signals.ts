/** Ending at once and cleanly on Ctrl-C, and with a last chance for what is under way on SIGTERM. */

/** Runs `close` on the first signal and then exits with 0; a second signal exits without waiting. */
export function onSignal(close: (signal: 'SIGINT' | 'SIGTERM') => Promise<void>): void {
  let ending = false
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (ending) process.exit(1)
      ending = true
      close(signal).then(
        () => process.exit(0),
        (error: unknown) => {
          console.error(error)
          process.exit(1)
        },
      )
    })
  }
}
