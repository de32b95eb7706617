/** What a client reads of an answer: the texts of its content. */
import { type Block, toContent } from '../src/tools/result.ts'
import { toBytes } from '../src/wire.ts'

export function textsOf(block: Block): string[] {
  const written = new TextDecoder().decode(toBytes(toContent(block, 'test://answer', true)))
  return (JSON.parse(written) as { text: string }[]).map(({ text }) => text)
}
