/** One process that compiles and lints the documents that it is sent, one after the other. */
import { readFileSync } from 'node:fs'
import { lint, modelText } from '../../src/doctor/lint.ts'
import { StartError } from '../../src/errors.ts'
import { compileDocument } from './compile.ts'
import { count } from './counted.ts'
import type { DocumentFile } from './documents.ts'
import type { Crash, Result } from './result.ts'
import { countTokens } from './tokens.ts'

/** As long as the longest that the prefix of every client leaves room for. */
const SERVER = 'lectern'

process.on('message', (document: DocumentFile) => {
  process.send!(examine(document))
})

function examine({ file, name }: DocumentFile): Result | Crash {
  const text = readFileSync(file, 'utf8')
  const start = performance.now()
  try {
    const { document, tools, refused, ...rest } = compileDocument(text, name)
    const ms = Math.round(performance.now() - start)
    const mb = Math.round(process.resourceUsage().maxRSS / 1024)
    return {
      ...(refused !== undefined && { refused }),
      ...count(document),
      ...rest,
      tools: tools.length,
      findings: lint(tools, { server: SERVER, countTokens }),
      tokens: tools.map((tool) => countTokens(modelText(tool))),
      ms,
      mb,
    }
  } catch (error) {
    const words = error instanceof StartError ? error.message : (error as Error).stack
    return { crash: String(words).split('\n').slice(0, 4).join(' ') }
  }
}
