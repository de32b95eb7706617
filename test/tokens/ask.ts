/** Asks a question of a running connector as a model would, and counts the tokens of what was written and read. */
import type { TokenCounter } from '../../src/commands/tokens.ts'
import type { Connector } from '../connector.ts'
import type { Question, Step } from './questions.ts'
import { type Page, pageOf, type Row } from './rows.ts'

/** What one way of asking came to. */
export interface Cost {
  calls: number
  tokens: number
  /** Tokens of the largest answer. */
  largest: number
  /** How many were found by each step. */
  rows: number[]
  answer: unknown
}

type Arguments = Record<string, unknown>

/** Tokens of a call and of its answer's texts. */
export interface Asked extends Page {
  call: number
  answer: number
}

export async function askOnce(
  { call }: Connector,
  { count }: TokenCounter,
  name: string,
  args: Arguments,
): Promise<Asked> {
  const { result } = await call(name, args)
  const content: { type: string; text: string }[] = result?.content ?? []
  if (!result || result.isError || content.some(({ type }) => type !== 'text'))
    throw new Error(`${name} ${JSON.stringify(args)}: ${JSON.stringify(result)}`)
  const texts = content.map(({ text }) => text)
  return {
    ...pageOf(texts),
    call: count(JSON.stringify({ name, arguments: args })),
    answer: texts.reduce((sum, text) => sum + count(text), 0),
  }
}

/** `best` adds what a model would that knows which fields it needs. */
export async function ask(
  connector: Connector,
  counter: TokenCounter,
  { steps, answerOf }: Question,
  best = false,
): Promise<Cost> {
  const cost = { calls: 0, tokens: 0, largest: 0 }
  const found: Row[][] = []
  for (const step of steps) {
    assertFound(step, found)
    const rows: Row[] = []
    let args: Arguments | undefined = { ...step.arguments, ...(best && step.best) }
    while (args) {
      const asked: Asked = await askOnce(connector, counter, step.tool, args)
      cost.calls++
      cost.tokens += asked.call + asked.answer
      cost.largest = Math.max(cost.largest, asked.answer)
      rows.push(...asked.rows)
      args = next(asked, args)
    }
    found.push(rows)
  }
  return { ...cost, rows: found.map(({ length }) => length), answer: answerOf(...found) }
}

/** Lectern says which call reads on; without it a model reads the upstream's own paging. */
function next({ beside, rows }: Page, args: Arguments): Arguments | undefined {
  const { _lectern, nextCursor, page, total } = beside
  if (_lectern !== undefined) return (_lectern as { next?: { arguments: Arguments } }).next?.arguments
  if (typeof nextCursor === 'string') return { ...args, cursor: nextCursor }
  if (typeof page !== 'number' || rows.length === 0) return undefined
  const size = Number(beside.pageSize)
  return page * size < Number(total) ? { ...args, page: page + 1 } : undefined
}

/** An id that no earlier answer holds is one that nobody could have asked for. */
function assertFound({ tool, arguments: args }: Step, found: Row[][]): void {
  const known = new Set(found.flat().flatMap((row) => Object.values(row)))
  for (const value of Object.values(args))
    if (/^[a-z]+_\d{6}$/.test(String(value)) && !known.has(String(value)))
      throw new Error(`${tool}: no earlier answer says ${value}`)
}
