/** The nearest valid name, so that a model's slip can be mended in one more try. */

/** The candidate within about a third of the name's length in edits (Levenshtein), else the only one that holds it. */
export function closest(name: string, candidates: readonly string[]): string | undefined {
  const wanted = fold(name.slice(0, 128))
  const allowed = Math.min(wanted.length - 1, Math.max(2, Math.floor(wanted.length / 3)))
  let best: { candidate: string; distance: number } | undefined
  for (const candidate of candidates) {
    const most = best ? best.distance - 1 : allowed
    const distance = edits(wanted, fold(candidate), most)
    if (distance <= most) best = { candidate, distance }
  }
  if (best) return best.candidate
  const holding = candidates.filter((candidate) => wanted.length > 1 && fold(candidate).includes(wanted))
  return holding.length === 1 ? holding[0] : undefined
}

function fold(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '')
}

/** Beyond `most` it is any number that is larger: of tens of thousands of candidates few are looked at to the end. */
function edits(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)
      row[j] = Math.min(previous[j]! + 1, row[j - 1]! + 1, replaced)
    }
    if (Math.min(...row) > most) return most + 1
    previous = row
  }
  return previous[b.length]!
}
