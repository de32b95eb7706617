/** The embedded upstream is what openapi/flowtly.json says, honest about its books, and broken only on request. */
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openSandbox } from '../src/commands/sandbox.ts'
import { type FaultName, faultNames } from '../src/sandbox/faults.ts'
import { demoClientSecret, demoKeys } from '../src/sandbox/keys.ts'
import { type Sandbox, startSandbox } from '../src/sandbox/sandbox.ts'
import { agreementOf, type Json, nonsenseFor, serialize } from './agreement.ts'

type Row = Record<string, Json>

const document = JSON.parse(readFileSync(new URL('../openapi/flowtly.json', import.meta.url), 'utf8'))
const { differences, reads, queries } = agreementOf(document)
const [aurora, borealis] = demoKeys.map(({ key }): string => key)

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await startSandbox()
})
afterAll(() => sandbox.close())

function get(path: string, key = aurora, init: RequestInit = {}): Promise<Response> {
  return fetch(sandbox.url + path, { ...init, headers: { authorization: `Bearer ${key}`, ...init.headers } })
}
async function read<T = Row>(response: Response | Promise<Response>): Promise<T> {
  return (await (await response).json()) as T
}
async function rows(path: string, key = aurora): Promise<Row[]> {
  const body = await read<Row[] | { items: Row[] }>(get(path, key))
  return Array.isArray(body) ? body : body.items
}

describe('the document and the sandbox agree', () => {
  test.each(reads)('$operationId answers as documented', async ({ target, schema }) => {
    for (const query of ['', '?pageSize=200&limit=500', '?page=9999']) {
      const response = await get(target + query)
      expect(response.status).toBe(200)
      expect(differences(schema!, await read(response))).toEqual([])
    }
  })

  const effective = queries.filter(({ parameter }) => parameter.example !== undefined)
  test.each(effective)('$operationId: $name has an effect', async ({ target, parameter }) => {
    const response = await get(`${target}?${serialize(parameter, parameter.example!)}&limit=500`)
    expect(response.status).toBe(200)
    expect(await response.text()).not.toBe(await (await get(`${target}?limit=500`)).text())
  })

  const strict = queries.flatMap((query) => {
    const nonsense = nonsenseFor(query.parameter.schema)
    return nonsense === undefined ? [] : [{ ...query, nonsense }]
  })
  test.each(strict)(
    '$operationId: $name=$nonsense is refused by name',
    async ({ target, name, nonsense }) => {
      const response = await get(`${target}?${name}=${nonsense}`)
      expect([response.status, response.headers.get('content-type')]).toEqual([
        422,
        'application/problem+json',
      ])
      expect(await read(response)).toMatchObject({ status: 422, errors: [{ parameter: name }] })
    },
  )

  test.each(['pageSize=201', 'pageSize=0', 'page=0', 'page=1.5', 'minAmount=-1', `q=${'x'.repeat(101)}`])(
    '%s is refused',
    async (query) => expect((await get(`/v1/invoices?${query}`)).status).toBe(422),
  )

  test('unknown parameters are ignored', async () => {
    expect((await get('/v1/invoices?colour=blue')).status).toBe(200)
  })
})

describe('two organizations', () => {
  test.each(reads.filter(({ target }) => /_\d/.test(target)))(
    '$operationId: 404 for the other one',
    async ({ target }) => {
      const response = await get(target, borealis)
      expect(await read(response)).toMatchObject({ status: 404, title: 'Not Found' })
    },
  )

  test.each(reads.filter(({ parameters, target }) => parameters.length > 0 && !/_\d/.test(target)))(
    '$operationId: no id in common',
    async ({ target }) => {
      const own = new Set((await rows(`${target}?pageSize=200&limit=500`)).map(({ id }) => id))
      const others = await rows(`${target}?pageSize=200&limit=500`, borealis)
      expect(own.size).toBeGreaterThan(0)
      expect(others.filter(({ id }) => own.has(id!))).toEqual([])
    },
  )

  test.each(['', 'Bearer', 'Bearer nobody', 'Basic Zmxvd3RseQ=='])('401 for %j', async (authorization) => {
    const response = await get('/v1/invoices', '', { headers: { authorization } })
    expect([response.status, response.headers.get('content-type')]).toEqual([401, 'application/problem+json'])
    expect(response.headers.get('www-authenticate')).toMatch(/^Bearer /)
  })
})

/** Every row of a list: page after page, cursor after cursor, or at once. */
async function walk(path: string): Promise<Row[]> {
  const all: Row[] = []
  let next: string | null = '&page=1'
  for (let page = 2; next !== null; page++) {
    const body: Row[] | { items: Row[]; nextCursor?: string | null } = await read(get(path + next))
    if (Array.isArray(body)) return body
    all.push(...body.items)
    if (body.nextCursor !== undefined) next = body.nextCursor && `&cursor=${body.nextCursor}`
    else next = body.items.length > 0 ? `&page=${page}` : null
  }
  return all
}

describe('the books are honest', () => {
  test.each([
    ['/v1/invoices?pageSize=190', 3000],
    ['/v1/invoices?pageSize=200&sort=grossAmount', 3000],
    ['/v1/transactions?limit=499', 8000],
    ['/v1/counterparties?pageSize=7', 150],
    ['/v1/suppliers?pageSize=60', 60],
    ['/v1/contracts?pageSize=11', 40],
    ['/v1/projects?pageSize=1', 30],
  ])('%s walks %i rows, each once', async (path, total) => {
    const all = await walk(path)
    expect([all.length, new Set(all.map(({ id }) => id)).size]).toEqual([total, total])
  })

  test('a page beyond the end is empty and keeps the total', async () => {
    const body = await read(get('/v1/invoices?page=100&pageSize=200'))
    expect(body).toEqual({ items: [], page: 100, pageSize: 200, total: 3000 })
  })

  const kept: [query: string, keeps: (row: Row) => boolean][] = [
    ['invoices?direction=sale&status=overdue', (row) => row.direction === 'sale' && row.status === 'overdue'],
    ['invoices?issuedFrom=2025-03-01&issuedTo=2025-03-31', (row) => /^2025-03/.test(`${row.issuedOn}`)],
    ['invoices?dueFrom=2026-06-01&dueTo=2026-06-30', (row) => /^2026-06/.test(`${row.dueOn}`)],
    ['invoices?minAmount=1000&maxAmount=1999.99', (row) => /^1\d{3}(\.|$)/.test(`${row.grossAmount}`)],
    ['invoices?counterpartyId=cp_000017', (row) => row.counterpartyId === 'cp_000017'],
    [
      'invoices?q=sTuDiO',
      ({ number, counterparty }) => /studio/i.test(`${number} ${JSON.stringify(counterparty)}`),
    ],
    [
      'transactions?costGroupId=cg_000004&costGroupId=cg_000007',
      (row) => /cg_00000[47]/.test(`${row.costGroupId}`),
    ],
    ['transactions?bankAccountId=acc_000002', (row) => row.bankAccountId === 'acc_000002'],
    ['transactions?hasAttachment=true', (row) => `${row.attachmentIds}` !== ''],
    [
      'transactions?direction=incoming&minAmount=9000',
      (row) => row.direction === 'incoming' && Number(row.amount) >= 9000,
    ],
    ['contracts?status=completed,draft', (row) => /completed|draft/.test(`${row.status}`)],
    ['contracts?endsFrom=2026-07-01', (row) => row.endsOn !== null && row.endsOn! >= '2026-07-01'],
    ['projects?budget[min]=10000&budget[max]=99999.99', (row) => /^\d{5}(\.|$)/.test(`${row.budget}`)],
    ['attachments?kind=receipt', (row) => row.kind === 'receipt'],
  ]
  test.each(kept)('%s keeps those rows and no others', async (query, keeps) => {
    const some = await walk(`/v1/${query}&limit=500&pageSize=200`)
    const all = await walk(`/v1/${query.replace(/\?.*/, '?limit=500&pageSize=200')}`)
    expect(some.length).toBeGreaterThan(0)
    expect(some).toEqual(all.filter(keeps))
  })

  test.each(['issuedOn', 'dueOn', 'grossAmount'])('sort=%s and its reverse', async (name) => {
    const up = (await walk(`/v1/invoices?pageSize=200&sort=${name}`)).map((row) => row[name]!)
    const down = (await walk(`/v1/invoices?pageSize=200&sort=-${name}`)).map((row) => row[name]!)
    expect(up.every((value, index) => index === 0 || up[index - 1]! <= value)).toBe(true)
    expect(down).toEqual(up.toReversed())
  })

  test('every linked id leads somewhere', async () => {
    const lists = reads.filter(({ operationId }) => operationId.startsWith('list'))
    const all = (
      await Promise.all(lists.map(({ target }) => walk(`${target}?limit=500&pageSize=200`)))
    ).flat()
    const ids = new Set(all.map(({ id }) => id))
    const linked = (row: Row) =>
      Object.entries(row).flatMap(([name, value]) => (/[a-z]Ids?$/.test(name) ? value : null))
    const links = all.flatMap(linked).filter((id) => /^[a-z]+_\d/.test(`${id}`))
    expect(links.length).toBeGreaterThan(20_000)
    expect(links.filter((id) => !ids.has(id))).toEqual([])
  })

  test('an invoice adds up', async () => {
    for (const { id } of await rows('/v1/invoices?pageSize=50')) {
      const invoice = await read<Record<string, number> & { lines: Record<string, number>[] }>(
        get(`/v1/invoices/${id}`),
      )
      const cents = (amount?: number) => Math.round(amount! * 100)
      for (const name of ['netAmount', 'taxAmount', 'grossAmount']) {
        expect(invoice.lines.reduce((sum, line) => sum + cents(line[name]), 0)).toBe(cents(invoice[name]))
      }
    }
  })
})

describe('on the wire', () => {
  test('money keeps two decimals, bank references all 19 digits', async () => {
    const text = await (await get('/v1/transactions?limit=500')).text()
    const amounts = text.match(/"(amount|balanceAfter)":[^,]+/g)!
    expect(amounts).toHaveLength(1000)
    expect(amounts.filter((amount) => !/:\d+\.\d\d$/.test(amount))).toEqual([])
    expect(text.match(/"bankReference":[1-9]\d{18},/g)).toHaveLength(500)
  })

  test('files are whole', async () => {
    const records = await rows('/v1/attachments?kind=receipt&pageSize=200')
    const record = (type: string) => records.find(({ mediaType }) => mediaType === type)!
    const download = async ({ id, mediaType, sizeBytes }: Row) => {
      const response = await get(`/v1/attachments/${id}?download=true`)
      const bytes = Buffer.from(await response.arrayBuffer())
      expect([response.headers.get('content-type'), bytes.length]).toEqual([mediaType, sizeBytes])
      return bytes.toString('latin1')
    }
    const pdf = await download(record('application/pdf'))
    expect(pdf).toMatch(/^%PDF-[\s\S]*%%EOF\n$/)
    expect(pdf.slice(Number(/startxref\n(\d+)/.exec(pdf)![1]))).toMatch(/^xref/)
    expect(await download(record('image/png'))).toMatch(/^\x89PNG\r\n[\s\S]*IEND/)
  })

  test.each(['gzip', 'br', 'deflate'])('%s when asked for and worth it', async (coding) => {
    const headers = { 'accept-encoding': coding }
    const large = await get('/v1/invoices', aurora, { headers })
    expect([large.headers.get('content-encoding'), (await read(large)).total]).toEqual([coding, 3000])
    expect(
      (await get('/v1/bank-accounts/acc_000001', aurora, { headers })).headers.get('content-encoding'),
    ).toBeNull()
  })

  test.each(['POST', 'PUT', 'PATCH', 'DELETE'])('%s is not allowed', async (method) => {
    for (const path of ['/v1/invoices', '/v1/invoices/inv_000123', '/v1/projects/prj_000008/archive']) {
      const response = await get(path, aurora, { method })
      expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
    }
  })

  test('requests are noted as they came, the last thousand', async () => {
    await get('/v1/contracts?q=a%20b')
    expect(sandbox.requests.at(-1)).toMatchObject({ method: 'GET', path: '/v1/contracts?q=a%20b' })
    expect(sandbox.requests.at(-1)?.headers.authorization).toBe(`Bearer ${aurora}`)
    for (let count = 0; count < 21; count++)
      await Promise.all(Array.from({ length: 50 }, () => get('/v1/status')))
    expect(sandbox.requests).toHaveLength(1000)
  })
})

/** What one request meets: status, content type and body, or the fact that it failed. */
async function meet(
  path = '/v1/invoices?pageSize=1',
): Promise<[number, string | null, string] | 'failed' | 'waits'> {
  const init: RequestInit = { redirect: 'manual', signal: AbortSignal.timeout(400) }
  try {
    const response = await get(path, aurora, init)
    return [response.status, response.headers.get('content-type'), await response.text()]
  } catch (error) {
    return error instanceof DOMException ? 'waits' : 'failed'
  }
}

describe('faults', () => {
  const problem = 'application/problem+json'
  const json = 'application/json'
  const any = expect.any(String)
  const expected: [FaultName, unknown][] = [
    ['slow', 'waits'],
    ['stall', 'waits'],
    ['rate-limited', [429, problem, any]],
    ['unavailable', [503, problem, any]],
    ['bad-gateway', [502, problem, expect.stringContaining('"title":"Bad Gateway"')]],
    ['not-found', [404, problem, any]],
    ['unauthorized', [401, problem, any]],
    ['unprocessable', [422, problem, expect.stringContaining('pageSize')]],
    ['error', [500, json, expect.stringMatching(/"stack".*flowtly_demo_aurora/)]],
    ['html', [200, 'text/html', any]],
    ['html-error', [500, 'text/html', any]],
    ['truncated', 'failed'],
    ['not-json', [200, json, any]],
    ['redirect-off', [302, null, '']],
    ['redirect-loop', [302, null, '']],
    ['redirect-same', [302, null, '']],
    ['bad-gzip', 'failed'],
    ['reset', 'failed'],
    ['flaky', [503, problem, any]],
    ['empty', [204, null, '']],
    ['array-root', [200, json, expect.stringMatching(/^\[/)]],
    ['scalar-root', [200, json, '42']],
    ['latin1', [200, 'application/json; charset=iso-8859-1', any]],
    ['invalid-utf8', [200, json, expect.stringContaining('\ufffd')]],
  ]
  test.each(expected)('%s', async (name, meeting) => {
    sandbox.fault = name
    expect(await meet()).toEqual(meeting)
    sandbox.fault = undefined
    expect(await meet()).toEqual([200, json, any])
  })

  test('every fault is in the table above, but for huge', () => {
    expect([...expected.map(([name]) => name), 'huge'].sort()).toEqual([...faultNames].sort())
  })

  test('huge is 50 MB of valid JSON', { timeout: 20_000 }, async () => {
    sandbox.fault = 'huge'
    const text = await (await get('/v1/invoices')).text()
    sandbox.fault = undefined
    expect(text.length).toBeGreaterThan(50 * 1024 * 1024)
    expect(JSON.parse(text).items.length).toBeGreaterThan(50_000)
  })

  test('slow waits slowMs, flaky fails every first try, redirect-same answers the second time', async () => {
    sandbox.fault = 'slow'
    sandbox.slowMs = 30
    expect(await meet()).toEqual([200, json, any])
    sandbox.fault = 'flaky'
    const statuses = [await meet(), await meet(), await meet(), await meet()].map(([status]) => status)
    expect(statuses).toEqual([503, 200, 503, 200])
    sandbox.fault = 'redirect-same'
    expect((await get('/v1/invoices?pageSize=1')).url).toMatch(/\?pageSize=1&redirected=1$/)
    sandbox.fault = undefined
  })
})

describe('a sandbox of its own', () => {
  test('draws the same books each time, in no time', async () => {
    const before = performance.now()
    const other = await startSandbox({ fault: 'unavailable' })
    expect(performance.now() - before).toBeLessThan(1000)
    expect((await fetch(`${other.url}/v1/status`)).status).toBe(503)
    other.fault = undefined
    const init = { headers: { authorization: `Bearer ${aurora}` } }
    const theirs = await (await fetch(`${other.url}/v1/transactions`, init)).text()
    expect(theirs).toBe(await (await get('/v1/transactions')).text())
    await other.close()
    await expect(fetch(other.url)).rejects.toThrow()
  })

  test('takes the access tokens of a provider elsewhere, beside the demo keys', async () => {
    const tokens = {
      organizationOf: async (token: string) => (token === 'theirs' ? 'Borealis Trading' : undefined),
    }
    const other = await startSandbox({ tokens })
    const status = async (key: string) =>
      (await fetch(`${other.url}/v1/invoices/inv_500123`, { headers: { authorization: `Bearer ${key}` } }))
        .status
    expect([
      await status('theirs'),
      await status(borealis!),
      await status(aurora!),
      await status('other'),
    ]).toEqual([200, 200, 404, 401])
    await other.close()
  })

  test('is opened by its command with a sign-in that is known beforehand', async () => {
    const identity = { port: 0, clientSecret: demoClientSecret }
    const other = await openSandbox(0, undefined, identity)
    expect(other.identity).toMatchObject({ clientId: 'lectern', clientSecret: 'flowtly_demo_client_secret' })
    const taken = { port: Number(new URL(other.identity!.issuer).port) }
    await expect(openSandbox(0, undefined, taken)).rejects.toThrow(/choose another with --identity-port/)
    await expect(openSandbox(other.port, undefined, identity)).rejects.toThrow(/choose another with --port/)
    await expect(openSandbox(0, undefined, { port: 70_000 })).rejects.toThrow(/--identity-port is not/)
    await other.close()
    expect((await openSandbox(0, undefined).then(closed)).identity).toBeUndefined()
  })

  test('a taken port is refused', async () => {
    await expect(startSandbox({ port: sandbox.port })).rejects.toMatchObject({ code: 'EADDRINUSE' })
  })

  test('close cuts connections that wait', async () => {
    const other = await startSandbox({ fault: 'stall' })
    const waiting = fetch(`${other.url}/v1/status`).then((response) => response.text())
    const cut = expect(waiting).rejects.toThrow()
    while (other.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
    await other.close()
    await cut
  })
})

async function closed(other: Sandbox): Promise<Sandbox> {
  await other.close()
  return other
}
