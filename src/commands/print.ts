/** What commands print on the standard output, and how their reports count and group. */

import { reveal } from '../tools/invisible.ts'

/** All of it, however slowly it is read; a reader that leaves early, as `head` does, is no fault. */
export function print(text: string): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
  process.stdout.write(`${text}\n`)
}

/** For a program, and for whoever looks at it in a terminal, which obeys some characters that JSON leaves as they are. */
export function printJson(value: object): void {
  print(reveal(JSON.stringify(value)))
}

/** `1 tool`, `2 tools`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}

/** By key, each in the order in which its first item came. */
export function grouped<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const group = groups.get(keyOf(item))
    if (group) group.push(item)
    else groups.set(keyOf(item), [item])
  }
  return groups
}
