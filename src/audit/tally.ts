/** What the audit saw, counted: calls and requests of each tool, and every violation. */
import type { Catalog } from '../connector/catalog.ts'
import type { Tool } from '../tools/tool.ts'
import type { Call } from './call.ts'
import type { Recorded } from './recorder.ts'
import { CHECKS, type Check } from './rules.ts'

export interface Violation {
  check: Check
  call: string
  told: string
}

export interface ToolTally {
  tool: string
  operation: string
  path: string
  calls: number
  requests: number
  methods: string[]
}

export interface Audit {
  caller: string
  calls: number
  requests: number
  /** Connections and requests that the process made, by address; all of them belong to the upstream where nothing is amiss. */
  destinations: { upstream: number; elsewhere: number }
  tools: ToolTally[]
  checks: { check: Check; violations: number }[]
  /** The first of them; `checks` counts all. */
  violations: Violation[]
}

/** Violations that are told one by one. */
const MOST_TOLD = 100

interface Row {
  calls: number
  requests: number
  methods: Set<string>
}

export interface Tally {
  tell(violation: Violation): void
  count(call: Call, recorded: readonly Recorded[]): void
  /** The audit as a whole; what no call showed is a violation too. */
  total(rest: Pick<Audit, 'caller' | 'calls' | 'destinations'>): Audit
}

export function createTally(catalog: Catalog): Tally {
  const rows = new Map(
    catalog.tools.map((tool): [Tool, Row] => [tool, { calls: 0, requests: 0, methods: new Set() }]),
  )
  const counts = new Map<Check, number>()
  const violations: Violation[] = []
  let requests = 0
  const tell = (violation: Violation) => {
    counts.set(violation.check, (counts.get(violation.check) ?? 0) + 1)
    if (violations.length < MOST_TOLD) violations.push(violation)
  }
  return {
    tell,
    count(call, recorded) {
      requests += recorded.length
      const row = call.tool && rows.get(call.tool)
      if (row === undefined) return
      row.calls++
      row.requests += recorded.length
      for (const { method } of recorded) row.methods.add(method)
    },
    total(rest) {
      for (const violation of unasked(rows, catalog)) tell(violation)
      const checks = (Object.keys(CHECKS) as Check[]).map((check) => ({
        check,
        violations: counts.get(check) ?? 0,
      }))
      return { ...rest, requests, tools: [...rows].map(tallied), checks, violations }
    },
  }
}

function unasked(rows: ReadonlyMap<Tool, Row>, { name, tools }: Catalog): Violation[] {
  const lost = [...rows].filter(([, { requests }]) => requests === 0)
  if (tools.length === 0) return [{ check: 'asked', call: name, told: 'the connector has no tool' }]
  const told = 'no call reached the upstream: no arguments that its schema takes were found'
  return lost.map(([tool]) => ({ check: 'asked', call: tool.name, told }))
}

function tallied([{ name, operation, path }, { calls, requests, methods }]: [Tool, Row]): ToolTally {
  return { tool: name, operation, path, calls, requests, methods: [...methods].sort() }
}
