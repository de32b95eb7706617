/** The audit: the connector in this process, in front of an upstream that writes every byte down; whatever else leaves is seen too. */
import { createApp } from '../app.ts'
import type { Catalog } from '../connector/catalog.ts'
import type { Ports } from '../ports.ts'
import { readSettings, type Settings } from '../settings.ts'
import { answers } from './answers.ts'
import type { Call } from './call.ts'
import { type AuditCaller, auditCaller } from './caller.ts'
import { callsOf } from './calls.ts'
import { ask } from './client.ts'
import { type Recorder, startRecorder } from './recorder.ts'
import { violations } from './rules.ts'
import { type Audit, createTally, type Tally } from './tally.ts'
import { startWatch, type Watch } from './watch.ts'

/** Makes the ports of the runtime that is audited, under these settings. */
export type OpenPorts = (settings: Settings) => Promise<{ ports: Ports; close(): Promise<void> }>

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
  // A document alone may name no server.
  const path = URL.canParse(catalog.server) ? new URL(catalog.server).pathname : '/'
  const base = new URL(path, upstream.origin)
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
    return tally.total({ caller: caller.told, calls: number, destinations: sums(watch, base) })
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

function sums(watch: Watch, base: URL): Audit['destinations'] {
  const { upstream, strays } = destinations(watch, base)
  return { upstream, elsewhere: [...strays.values()].reduce((sum, times) => sum + times, 0) }
}
