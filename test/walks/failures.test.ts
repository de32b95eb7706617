/** Every way in which an upstream can fail, and what a client of either era is told; the process lives through all. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { FaultName } from '../../src/sandbox/faults.ts'
import { AURORA, type Connector, ENVELOPE, startConnector } from '../connector.ts'

let connector: Connector
beforeAll(async () => {
  connector = await startConnector({ LECTERN_DEADLINE: '1.5', LECTERN_IDLE_TIMEOUT: '0.6' })
})
afterAll(() => connector.close())
beforeEach(() => {
  connector.sandbox.fault = undefined
})

type Row = [fault: FaultName, error: string, status: number | undefined, tries: number, words: RegExp]

const ROWS: Row[] = [
  ['unauthorized', 'upstream_status', 401, 1, /credential was refused/],
  ['not-found', 'upstream_status', 404, 1, /list the records first/],
  ['unprocessable', 'upstream_status', 422, 1, /Correct the arguments/],
  ['rate-limited', 'upstream_status', 429, 2, /called again in 1 s/],
  ['error', 'upstream_status', 500, 1, /try again later/],
  ['html-error', 'upstream_status', 500, 1, /answered 500\b/],
  ['bad-gateway', 'upstream_status', 502, 3, /after 3 tries/],
  ['unavailable', 'upstream_status', 503, 3, /after 3 tries/],
  ['html', 'upstream_media_type', 200, 1, /an HTML page/],
  ['not-json', 'upstream_not_json', 200, 1, /JSON that is broken/],
  ['invalid-utf8', 'upstream_not_json', 200, 1, /not UTF-8/],
  ['huge', 'upstream_too_large', undefined, 1, /more than 8388608 bytes/],
  ['truncated', 'upstream_unreachable', undefined, 3, /broke the connection off in 3 tries/],
  ['reset', 'upstream_unreachable', undefined, 3, /broke the connection off in 3 tries/],
  ['bad-gzip', 'upstream_not_json', undefined, 1, /cannot be decoded/],
  ['redirect-off', 'upstream_redirect', 302, 1, /another host/],
  ['redirect-loop', 'upstream_redirect', 302, 1, /more than 3 times/],
  ['stall', 'upstream_timeout', undefined, 1, /fell silent/],
  ['slow', 'upstream_timeout', undefined, 1, /silent|within 1.5 s/],
]

describe.each(ROWS)('%s', (fault, error, status, tries, words) => {
  it(`is ${error} in 2026-07-28, as a result that says what to do`, async () => {
    connector.sandbox.fault = fault
    const before = connector.sandbox.requests.length
    const answer = await connector.modern('tools/call', { name: 'invoices.list', arguments: {} })
    expect(answer.status).toBe(200)
    const { result } = (await answer.json()) as { result: { isError: boolean; content: { text: string }[] } }
    expect(result.isError).toBe(true)
    const told = JSON.parse(result.content[0]!.text)
    expect(told).toMatchObject({ error, ...(status !== undefined && { status }) })
    expect(`${told.message}. ${told.hint}`).toMatch(words)
    if (!fault.startsWith('redirect')) expect(connector.sandbox.requests.length - before).toBe(tries)
  })

  it('is -32000 with the status in a handshake revision', async () => {
    connector.sandbox.fault = fault
    const { error: told } = await connector.call('invoices.list')
    expect(told.code).toBe(-32000)
    expect(told.message).toMatch(words)
    expect(told.data).toEqual(status === undefined ? { reason: error } : { status })
  })
})

describe('the upstream’s own words', () => {
  it('reach the model, its stack and the caller’s key do not', async () => {
    connector.sandbox.fault = 'error'
    const { error } = await connector.call('invoices.list')
    expect(error.message).not.toContain(AURORA)
    expect(error.message).toContain('[removed]')
    expect(error.message).not.toMatch(/\bat \w+ ?\(|\.js:\d+/)
    expect(error.message).toContain('answered 500: Unhandled exception for [removed].')
  })

  it.each([
    [
      'unprocessable',
      'Flowtly answered 422: Unprocessable Content: pageSize must be an integer from 1 to 200. Correct',
    ],
    ['rate-limited', 'At most 300 requests a minute.'],
    ['bad-gateway', 'The ledger did not answer in time.'],
  ] as [FaultName, string][])('of %s are told', async (fault, words) => {
    connector.sandbox.fault = fault
    expect((await connector.call('invoices.list')).error.message).toContain(words)
  })
})

describe('what only looks like a failure', () => {
  it.each([
    ['flaky', 200, /"items"/],
    ['redirect-same', 200, /"items"/],
    ['empty', 200, /^\{"value":null\}$/],
    ['array-root', 200, /^\{"items":\[/],
    ['scalar-root', 200, /^\{"value":/],
  ] as [FaultName, number, RegExp][])('%s is answered', async (fault, status, words) => {
    connector.sandbox.fault = fault
    const answer = await connector.modern('tools/call', { name: 'invoices.list', arguments: {} })
    expect(answer.status).toBe(status)
    const { result } = (await answer.json()) as { result: { isError?: boolean; content: { text: string }[] } }
    expect(result.isError).toBeUndefined()
    expect(result.content[0]!.text).toMatch(words)
  })
})

describe('a dead upstream', () => {
  it('is told, and /ready says so while /health does not care', async () => {
    const alone = await startConnector({ LECTERN_UPSTREAM_URL: 'http://127.0.0.1:9' })
    const { error } = await alone.call('taxGroups.list')
    expect(error).toMatchObject({ code: -32000, data: { reason: 'upstream_unreachable' } })
    expect(error.message).not.toMatch(/ECONNREFUSED|127\.0\.0\.1/)
    expect((await fetch(`${alone.url}/ready`)).status).toBe(503)
    expect(await (await fetch(`${alone.url}/health`)).json()).toMatchObject({ status: 'ok' })
    await alone.close()
  })
})

describe('a caller who goes away', () => {
  it.each([
    [
      '2026-07-28',
      { 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'tools/call', 'mcp-name': 'taxGroups.list' },
    ],
    ['a handshake revision, to which nothing could be delivered later', {}],
  ])('ends the upstream call in %s', async (_, named) => {
    const patient = await startConnector({ LECTERN_IDLE_TIMEOUT: '20' })
    patient.sandbox.fault = 'stall'
    const gone = new AbortController()
    const params = { name: 'taxGroups.list', ...('mcp-name' in named && { _meta: ENVELOPE }) }
    const answer = fetch(patient.endpoint, {
      method: 'POST',
      signal: gone.signal,
      headers: { authorization: `Bearer ${AURORA}`, 'content-type': 'application/json', ...named } as Record<
        string,
        string
      >,
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params }),
    })
    await expect.poll(() => patient.sandbox.requests.length).toBe(1)
    expect(patient.sandbox.open).toBe(1)
    gone.abort()
    await expect(answer).rejects.toThrow()
    await expect.poll(() => patient.sandbox.open).toBe(0)
    await patient.close()
  })
})

it('the process lived through all of it', async () => {
  expect((await fetch(`${connector.url}/health`)).status).toBe(200)
  const { result } = await connector.call('taxGroups.list')
  expect(result.content).toHaveLength(1)
})
