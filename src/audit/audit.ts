/** The audit: the connector in this process, in front of an upstream that writes every byte down; whatever else leaves is seen too. */
import { createApp } from '../app.ts'
import type { Catalog } from '../connector/catalog.ts'
import type { Ports } from '../ports.ts'
import { readSettings, type Settings } from '../settings.ts'
import type { Tool } from '../tools/tool.ts'
import { answers } from './answers.ts'
import { type AuditCaller, auditCaller } from './caller.ts'
import { type Call, callsOf } from './calls.ts'
import { ask } from './client.ts'
import { type Recorded, type Recorder, startRecorder } from './recorder.ts'
import { CHECKS, type Check, violations } from './rules.ts'
import { startWatch, type Watch } from './watch.ts'

/** Makes the ports of the runtime that is audited, under these settings. */
export type OpenPorts = (settings: Settings) => Promise<{ ports: Ports; close(): Promise<void> }>

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

interface Stage {
  caller: AuditCaller
  upstream: Recorder
  elsewhere: Recorder
  base: URL
  watch: Watch
  app: { fetch(request: Request): Response | Promise<Response> }
  responses: ReturnType<typeof answers>
  tally: Tally
}

/** Runs every call, one after the other, so that what arrives belongs to the call under way. */
export async function audit(catalog: Catalog, openPorts: OpenPorts): Promise<Audit> {
  const [upstream, elsewhere] = await Promise.all([startRecorder(), startRecorder()])
  const watch = startWatch()
  const caller = auditCaller(catalog)
  const base = new URL(new URL(catalog.server).pathname, upstream.origin)
  const settings = auditSettings(base, caller)
  const { ports, close } = await openPorts(settings)
  try {
    // Without an entrance nobody signs in: the gate takes keys.
    const app = createApp(caller.catalog, settings, ports, {})
    const responses = answers(elsewhere.origin)
    const tally = createTally(catalog)
    const stage = { caller, upstream, elsewhere, base, watch, app, responses, tally }
    let number = 0
    for (const call of callsOf(catalog, Object.keys(responses))) await run(call, ++number, stage)
    return tally.total(caller.told, number, destinations(watch, base))
  } finally {
    watch.stop()
    await close()
    await Promise.all([upstream.close(), elsewhere.close()])
  }
}

function auditSettings(base: URL, { upstreamHeaders }: AuditCaller): Settings {
  return readSettings({
    HOST: '127.0.0.1',
    LECTERN_LOG: 'off',
    LECTERN_UPSTREAM_URL: base.href.replace(/\/$/, ''),
    LECTERN_DEADLINE: '10',
    LECTERN_RETRIES: '1',
    LECTERN_UPSTREAM_HEADERS: JSON.stringify(upstreamHeaders),
  })
}

async function run(call: Call, number: number, stage: Stage): Promise<void> {
  const { caller, upstream, elsewhere, base, watch, app, responses, tally } = stage
  upstream.answer(responses[call.answer ?? '200'])
  elsewhere.answer(responses['200'])
  const credential = caller.credential(number)
  const before = destinations(watch, base).strays
  await ask(app, number, call, credential)
  const requests = upstream.take()
  tally.count(call, requests)
  for (const request of requests)
    for (const { check, told } of violations(request, { base, may: call.may, credential }))
      tally.tell({ check, call: call.label, told })
  for (const { method, target } of elsewhere.take())
    tally.tell({
      check: 'redirect',
      call: call.label,
      told: `${method} ${target} was sent to another origin`,
    })
  for (const [address, times] of destinations(watch, base).strays)
    if (times > (before.get(address) ?? 0))
      tally.tell({ check: 'sockets', call: call.label, told: `${address} was connected to, or asked` })
}

/** What went to the upstream, and what to any other address. */
function destinations(watch: Watch, { host }: URL) {
  const all = watch.destinations()
  const strays = new Map([...all].filter(([address]) => address !== host))
  return { upstream: all.get(host) ?? 0, strays }
}

type Tally = ReturnType<typeof createTally>

function createTally(catalog: Catalog) {
  const rows = new Map<Tool, { calls: number; requests: number; methods: Set<string> }>(
    catalog.tools.map((tool) => [tool, { calls: 0, requests: 0, methods: new Set() }]),
  )
  const counts = new Map<Check, number>()
  const told: Violation[] = []
  let requests = 0
  const tell = (violation: Violation) => {
    counts.set(violation.check, (counts.get(violation.check) ?? 0) + 1)
    if (told.length < MOST_TOLD) told.push(violation)
  }
  return {
    tell,
    count(call: Call, recorded: Recorded[]) {
      requests += recorded.length
      const row = call.tool && rows.get(call.tool)
      if (row === undefined) return
      row.calls++
      row.requests += recorded.length
      for (const { method } of recorded) row.methods.add(method)
    },
    total(caller: string, calls: number, { upstream, strays }: ReturnType<typeof destinations>): Audit {
      const tools = [...rows].map(([{ name, operation, path }, { methods, ...counted }]) => ({
        tool: name,
        operation,
        path,
        ...counted,
        methods: [...methods].sort(),
      }))
      for (const row of tools.filter((each) => each.requests === 0))
        tell({
          check: 'asked',
          call: row.tool,
          told: 'no call reached the upstream: no arguments that its schema takes were found',
        })
      if (tools.length === 0) tell({ check: 'asked', call: catalog.name, told: 'the connector has no tool' })
      const elsewhere = [...strays.values()].reduce((sum, times) => sum + times, 0)
      const checks = (Object.keys(CHECKS) as Check[]).map((check) => ({
        check,
        violations: counts.get(check) ?? 0,
      }))
      return {
        caller,
        calls,
        requests,
        destinations: { upstream, elsewhere },
        tools,
        checks,
        violations: told,
      }
    },
  }
}
