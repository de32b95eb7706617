/** What is kept for the next request, bounded in number and in weight. */

export interface Bounds<T> {
  /** Entries. */
  most: number
  /** Of all entries together. */
  heaviest: number
  weightOf: (entry: T) => number
}

/** Deletes entries until the bounds hold: the oldest go first, and the newest stays, however heavy it is. */
export function forget<T>(kept: Map<string, T>, { most, heaviest, weightOf }: Bounds<T>): void {
  let weight = [...kept.values()].reduce((sum, entry) => sum + weightOf(entry), 0)
  for (const [key, entry] of kept) {
    if (kept.size === 1 || (kept.size <= most && weight <= heaviest)) return
    kept.delete(key)
    weight -= weightOf(entry)
  }
}
