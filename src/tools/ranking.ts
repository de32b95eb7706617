/** Which tools some words mean: BM25 over names, titles, arguments and descriptions, the same order for the same words. */
import type { Offer } from './tool.ts'

export interface Ranking {
  /** Tools that `isOpen`, the best first; fewer than `most` where the rest hardly fits. */
  find(words: string, most: number, isOpen: (tool: Offer) => boolean): Offer[]
}

/** A word of a name says more than one of a description, and more in a short text than in a long one. */
const FIELDS: { weight: number; byLength: number; words: (tool: Offer) => string }[] = [
  { weight: 3, byLength: 0.5, words: ({ name }) => name },
  { weight: 3, byLength: 0.5, words: ({ title }) => title },
  { weight: 0.5, byLength: 0.75, words: argumentWords },
  { weight: 1, byLength: 0.75, words: ({ description }) => description.slice(0, 1500) },
]
/** Arguments of one tool that are looked at, and listed values of one argument. */
const MOST_ARGUMENTS = 50
const MOST_VALUES = 20
/** How soon repetition stops to count. */
const SATURATION = 1.2
/** What scores less than this share of the best is no answer to the question. */
const WORTHWHILE = 0.25
/** Words of a query that are looked at, and characters of it. */
const MOST_WORDS = 24
const LONGEST_QUERY = 500

const IDLE = new Set(
  'a an and are as at be by for from how i in is it me my of on or that the this to what which who with'.split(
    ' ',
  ),
)

/** By word: the tools that have it, and how much of it. */
type Index = Map<string, Map<Offer, number>>

export function createRanking(tools: readonly Offer[]): Ranking {
  const index = indexOf(tools)
  return {
    find(query, most, isOpen) {
      const words = [...new Set(wordsOf(query.slice(0, LONGEST_QUERY)))].slice(0, MOST_WORDS)
      const scores = scoresOf(words, index, tools.length)
      // Sorting is stable: of two that score alike, the one declared first stands first.
      const ranked = tools
        .filter((tool) => scores.has(tool) && isOpen(tool))
        .sort((one, other) => scores.get(other)! - scores.get(one)!)
      const least = WORTHWHILE * (ranked[0] === undefined ? 0 : scores.get(ranked[0])!)
      return ranked.filter((tool) => scores.get(tool)! >= least).slice(0, most)
    },
  }
}

/** Who has more of the words comes before who has one of them often: the sum counts by the share of words that were met. */
function scoresOf(words: string[], index: Index, all: number): Map<Offer, number> {
  const sums = new Map<Offer, number>()
  const met = new Map<Offer, number>()
  for (const word of words) {
    const found = index.get(word) ?? new Map<Offer, number>()
    const rarity = Math.log(1 + (all - found.size + 0.5) / (found.size + 0.5))
    for (const [tool, count] of found) {
      sums.set(tool, (sums.get(tool) ?? 0) + (rarity * count) / (count + SATURATION))
      met.set(tool, (met.get(tool) ?? 0) + 1)
    }
  }
  return new Map([...sums].map(([tool, sum]) => [tool, (sum * met.get(tool)!) / words.length]))
}

/** Names of arguments, and the values that they list: `overdue` is what somebody asks for. */
function argumentWords({ inputSchema }: Offer): string {
  const args = Object.entries(inputSchema.properties).slice(0, MOST_ARGUMENTS)
  return args.flatMap(([name, { enum: values = [] }]) => [name, ...values.slice(0, MOST_VALUES)]).join(' ')
}

function indexOf(tools: readonly Offer[]): Index {
  const index: Index = new Map()
  for (const { weight, byLength, words } of FIELDS) {
    const texts = tools.map((tool) => [tool, wordsOf(words(tool))] as const)
    const usual = Math.max(
      1,
      texts.reduce((sum, [, { length }]) => sum + length, 0) / Math.max(1, tools.length),
    )
    for (const [tool, each] of texts) {
      const share = weight / (1 - byLength + (byLength * each.length) / usual)
      for (const word of each) {
        const holding = index.get(word) ?? new Map<Offer, number>()
        holding.set(tool, (holding.get(tool) ?? 0) + share)
        index.set(word, holding)
      }
    }
  }
  return index
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
