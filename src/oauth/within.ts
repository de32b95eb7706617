/** Waiting for what another request began: on Workers it may end with that request, and then never settles. */
import type { Ports } from '../ports.ts'

/** The promise's outcome within `seconds`, else a rejection with `late`. */
export function within<T>(
  ports: Pick<Ports, 'after'>,
  seconds: number,
  late: Error,
  begun: Promise<T>,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = ports.after(seconds, () => reject(late))
    begun.then(resolve, reject).finally(cancel)
  })
}
