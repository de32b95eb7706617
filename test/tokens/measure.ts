/** What the twelve questions cost: passed through, as Lectern answers by default, and with the arguments that ask for less. */
import { readFileSync } from 'node:fs'
import { FLOWTLY_DOCUMENT, loadFlowtly } from '../../src/commands/flowtly.ts'
import { createTokenCounter, type TokenCounter } from '../../src/commands/tokens.ts'
import type { Catalog } from '../../src/connector/catalog.ts'
import { compile } from '../../src/connector/compile.ts'
import type { ToolDeclaration } from '../../src/connector/declaration.ts'
import { flowtly } from '../../src/connectors/flowtly.ts'
import type { ListedTool } from '../../src/doctor/finding.ts'
import { modelText } from '../../src/doctor/lint.ts'
import { type Connector, startConnector } from '../connector.ts'
import { ask, askOnce, type Cost } from './ask.ts'
import { type Question, questions } from './questions.ts'

export interface Measured {
  question: Question
  through: Cost
  byDefault: Cost
  best: Cost
}

/** One call, and what was asked of its answer besides. */
export interface Single {
  arguments: Record<string, unknown>
  tokens: number
}

export interface Measures {
  rows: Measured[]
  /** The same page of invoices: passed through, and asked for in other ways. */
  page: Single[]
  /** Tokens of `tools/list`: name, description and input schema. */
  listed: { through: number; byDefault: number }
}

/** Flowtly with every answer passed on as it is. */
export function throughFlowtly(): Catalog {
  const namespaces = Object.entries(flowtly.namespaces).map(([name, namespace]) => {
    const tools = Object.entries(namespace.tools).map(([action, tool]): [string, ToolDeclaration] => [
      action,
      { ...tool, answers: false },
    ])
    return [name, { ...namespace, tools: Object.fromEntries(tools) }]
  })
  const declaration = { ...flowtly, namespaces: Object.fromEntries(namespaces) }
  return compile(declaration, JSON.parse(readFileSync(FLOWTLY_DOCUMENT, 'utf8')))
}

export async function measure(): Promise<Measures> {
  const counter = await createTokenCounter()
  if (counter.method !== 'o200k_base') throw new Error('gpt-tokenizer is not installed: npm ci')
  const [through, lectern] = await Promise.all([
    startConnector({}, throughFlowtly()),
    startConnector({}, loadFlowtly()),
  ])
  try {
    const rows: Measured[] = []
    for (const question of questions)
      rows.push({
        question,
        through: await ask(through, counter, question),
        byDefault: await ask(lectern, counter, question),
        best: await ask(lectern, counter, question, true),
      })
    return {
      rows,
      page: await measurePage(through, lectern, counter),
      listed: { through: await listed(through, counter), byDefault: await listed(lectern, counter) },
    }
  } finally {
    await Promise.all([through.close(), lectern.close()])
  }
}

/** Of a page of invoices, what a list of reminders needs. */
export const NEEDED = ['number', 'dueOn', 'currency', 'outstandingAmount', 'counterparty.name']
const WAYS = [
  {},
  { fields: NEEDED },
  { format: 'csv' },
  { fields: ['*'], format: 'csv' },
  { fields: NEEDED, format: 'csv' },
]

/** The first is the page passed through, the others are Lectern's; each with its call. */
async function measurePage(through: Connector, lectern: Connector, counter: TokenCounter): Promise<Single[]> {
  const single = async (connector: Connector, args: object): Promise<Single> => {
    const { call, answer } = await askOnce(connector, counter, 'invoices.list', { ...args })
    return { arguments: { ...args }, tokens: call + answer }
  }
  const found = [await single(through, {})]
  for (const args of WAYS) found.push(await single(lectern, args))
  return found
}

async function listed({ rpc }: Connector, { count }: TokenCounter): Promise<number> {
  const { result } = await rpc('tools/list')
  const tools: ListedTool[] = result.tools
  return tools.reduce((sum, tool) => sum + count(modelText(tool)), 0)
}
