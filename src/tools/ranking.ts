/** Which tools some words mean: BM25 over names, titles, arguments and descriptions, the same order for the same words. */
import type { Offer } from './tool.ts'

export interface Ranking {
  /** Tools that `isOpen`, the best first; fewer than `most` where the rest hardly fits. */
  find(words: string, most: number, isOpen: (tool: Offer) => boolean): Offer[]
}

/** A word of a name says more than one of a description. */
const WEIGHTS: [weight: number, words: (tool: Offer) => string][] = [
  [4, ({ name }) => name],
  [3, ({ title }) => title],
  [1.5, ({ inputSchema }) => Object.keys(inputSchema.properties).slice(0, 50).join(' ')],
  [1, ({ description }) => description.slice(0, 1500)],
]
/** Words of a query that are looked at. */
const MOST_WORDS = 24
const LONGEST_QUERY = 500
/** How soon repetition stops to count, and how much length does (the usual values of BM25). */
const SATURATION = 1.2
const BY_LENGTH = 0.75
/** What scores less than this share of the best is no answer to the question. */
const WORTHWHILE = 0.2

const IDLE = new Set(
  'a an and are as at be by for from how i in is it me my of on or that the this to what which who with'.split(
    ' ',
  ),
)

interface Entry {
  tool: Offer
  /** Weighted count of each word. */
  counts: Map<string, number>
  length: number
}

export function createRanking(tools: readonly Offer[]): Ranking {
  const entries = tools.map(entryOf)
  const usual = entries.reduce((sum, { length }) => sum + length, 0) / Math.max(entries.length, 1)
  const holding = new Map<string, Entry[]>()
  for (const entry of entries)
    for (const word of entry.counts.keys()) holding.set(word, [...(holding.get(word) ?? []), entry])
  return {
    find(query, most, isOpen) {
      const scores = new Map<Entry, number>()
      const words = new Set(wordsOf(query.slice(0, LONGEST_QUERY)).slice(0, MOST_WORDS))
      for (const word of words) {
        const found = holding.get(word) ?? []
        const rarity = Math.log(1 + (entries.length - found.length + 0.5) / (found.length + 0.5))
        for (const entry of found)
          scores.set(entry, (scores.get(entry) ?? 0) + rarity * weigh(entry, word, usual))
      }
      // Sorting is stable: of two that score alike, the one declared first stands first.
      const ranked = entries
        .flatMap((entry) =>
          scores.has(entry) && isOpen(entry.tool) ? [[entry.tool, scores.get(entry)!] as const] : [],
        )
        .sort(([, one], [, other]) => other - one)
      const least = (ranked[0]?.[1] ?? 0) * WORTHWHILE
      return ranked
        .filter(([, score]) => score >= least)
        .slice(0, most)
        .map(([tool]) => tool)
    },
  }
}

function weigh({ counts, length }: Entry, word: string, usual: number): number {
  const count = counts.get(word)!
  return (count * (SATURATION + 1)) / (count + SATURATION * (1 - BY_LENGTH + (BY_LENGTH * length) / usual))
}

function entryOf(tool: Offer): Entry {
  const counts = new Map<string, number>()
  let length = 0
  for (const [weight, text] of WEIGHTS) {
    for (const word of wordsOf(text(tool))) {
      counts.set(word, (counts.get(word) ?? 0) + weight)
      length += 1
    }
  }
  return { tool, counts, length }
}

/** Lower case, cut where a name changes case or holds a sign, and without the ending of a plural. */
export function wordsOf(text: string): string[] {
  const parts = text
    .replace(/(\p{Ll}|\d)(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .match(/[\p{L}\p{N}]{1,40}/gu)
  return (parts ?? []).filter((word) => !IDLE.has(word)).map(stem)
}

function stem(word: string): string {
  if (word.length > 4 && word.endsWith('ies')) return `${word.slice(0, -3)}y`
  if (word.length > 4 && /(ses|xes|ches|shes)$/.test(word)) return word.slice(0, -2)
  return word.length > 3 && /[^su]s$/.test(word) ? word.slice(0, -1) : word
}
