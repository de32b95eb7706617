/** A seeded source of chance: the same seed always draws the same books. */

export interface Chance {
  /** A whole number from `from` to `to`, both inclusive. */
  int(from: number, to: number): number
  /** True with the given probability, 0 to 1. */
  odds(probability: number): boolean
  pick<T>(list: readonly T[]): T
  /** That many decimal digits, the first one from 1 to 8 so that 19 of them fit 64 bits. */
  digits(count: number): string
}

export function createChance(seed: number): Chance {
  const next = mulberry32(seed)
  const int = (from: number, to: number) => from + Math.floor(next() * (to - from + 1))
  return {
    int,
    odds: (probability) => next() < probability,
    pick: (list) => list[int(0, list.length - 1)]!,
    digits(count) {
      let digits = String(int(1, 8))
      while (digits.length < count) digits += String(int(0, 999_999_999)).padStart(9, '0')
      return digits.slice(0, count)
    },
  }
}

/** Tommy Ettinger's 32-bit generator: small, fast, and good enough to look like life. */
function mulberry32(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
