/** Measures what twelve questions cost a model in tokens, and prints it as Markdown: `npm run tokens`. */
import { measure } from './measure.ts'
import { listedLine, pageTable, questionTable } from './table.ts'

const { rows, page, listed } = await measure()
console.log([questionTable(rows), pageTable(page), listedLine(listed)].join('\n\n'))
