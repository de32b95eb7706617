/** A token bucket: so many a minute, all of them at once if need be, then one by one. */

/** Takes one token at `now` (seconds): 0 where there is one, else the seconds after which there will be. */
export type Take = (now: number) => number

/** A full bucket that holds `perMinute` tokens and gains as many in a minute. */
export function createBucket(perMinute: number): Take {
  let level = perMinute
  let last = Number.NEGATIVE_INFINITY
  return (now) => {
    // A clock that was set back gains nothing; one that jumps ahead gains no more than a full bucket.
    level = Math.min(perMinute, level + (Math.max(0, now - last) * perMinute) / 60)
    last = now
    if (level < 1) return ((1 - level) * 60) / perMinute
    level -= 1
    return 0
  }
}
