/** Counts tokens as OpenAI's models do (o200k_base), with the package that only the corpus installs. */
import { createRequire } from 'node:module'

interface Tokenizer {
  countTokens: (text: string, options: { disallowedSpecial: Set<string> }) => number
}

const { countTokens: count }: Tokenizer = createRequire(import.meta.url)('gpt-tokenizer/encoding/o200k_base')

/** Text of a document that looks like a special token is text. */
export function countTokens(text: string): number {
  return count(text, { disallowedSpecial: new Set() })
}
