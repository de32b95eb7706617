/** How many tokens a text is: counted where the package for it is installed, else estimated, and said to be. */

export interface TokenCounter {
  count(text: string): number
  /** What stands behind the numbers, for a person. */
  method: 'o200k_base' | 'estimate'
}

/** The optional peer of package.json. */
export const TOKENIZER = 'gpt-tokenizer@4.0.0'
/** JSON of tool definitions has four to five; the fewer is the safer. */
const CHARACTERS_PER_TOKEN = 4

const load = () => import('gpt-tokenizer/encoding/o200k_base')

export async function createTokenCounter(tokenizerOf: typeof load = load): Promise<TokenCounter> {
  const tokenizer = await tokenizerOf().catch(absent)
  if (tokenizer === undefined)
    return { count: ({ length }) => Math.ceil(length / CHARACTERS_PER_TOKEN), method: 'estimate' }
  // Text that looks like a special token is text.
  const options = { disallowedSpecial: new Set<string>() }
  return {
    count: (text) => pieces(text).reduce((sum, piece) => sum + tokenizer.countTokens(piece, options), 0),
    method: 'o200k_base',
  }
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error
}

/** No word is longer; the tokenizer takes the square of a run's length, and a foreign server chooses that. */
const LONGEST_RUN = 200
const RUN = new RegExp(
  ['[\\p{L}\\p{M}]', '\\s', '[^\\s\\p{L}\\p{M}\\p{N}]'].map((kind) => `${kind}{1,${LONGEST_RUN}}`).join('|'),
  'gu',
)

/** `text` cut where letters, spaces or signs go on for longer than in any language; as a rule it is one piece. */
function pieces(text: string): string[] {
  const cuts = [0]
  for (const { 0: run, index } of text.matchAll(RUN)) {
    if (run.length >= LONGEST_RUN) cuts.push(index + run.length)
  }
  return cuts.map((start, at) => text.slice(start, cuts[at + 1]))
}
