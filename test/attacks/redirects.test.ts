/** Rows 9 to 11: an answer goes to an address of the client that asked, to the letter, and to no other. */
import { beforeAll, expect, it } from 'vitest'
import { newClient, Person, register } from '../person.ts'
import { attack } from './attack.ts'
import { openReadingStage } from './documents.ts'
import { asks, expectPage, withParameters } from './pages.ts'

type ReadingStage = Awaited<ReturnType<typeof openReadingStage>>

let stage: ReadingStage
beforeAll(async () => {
  stage = await openReadingStage()
})

async function registering(redirects: unknown) {
  const answer = await fetch(`${stage.issuer}/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ client_name: 'Desk', redirect_uris: redirects }),
  })
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
}

/** An authorization request of a client that is known, for another redirect URI. */
async function asking(clientId: string, redirect: string, changed: Record<string, string | undefined> = {}) {
  const { authorizeUrl } = await newClient({ issuer: stage.issuer, clientId, redirect })
  return new Person().request(withParameters(authorizeUrl, changed))
}

const GOOD = 'https://desk.example/cb'

// biome-ignore format: a kind a line
const HOSTILE = [
  'javascript:alert(1)', 'JavaScript:alert(1)', 'javascript://desk.example/%0aalert(1)', 'java\tscript:alert(1)', ' javascript:alert(1)',
  'data:text/html,<script>alert(1)</script>', 'data://desk.example/x', 'vbscript:msgbox(1)', 'vbscript://x/', 'file:///etc/passwd', 'file://desk.example/x',
  'blob:https://desk.example/1', 'blob://x/', 'filesystem:https://desk.example/t', 'filesystem://x/', 'intent://scan/#Intent;end', 'intent:/x', 'ms-msdt:/id', 'ms-msdt://x/',
  'about:blank', 'about:/blank', 'view-source:https://desk.example/', 'view-source:/x', 'unknown://x/cb', 'ftp://desk.example/cb', 'ws://desk.example/cb',
  'http://localhost@evil.example/cb', 'https://desk.example@evil.example/cb', 'https://user:pass@desk.example/cb', 'http://127.0.0.1:80@evil.example/', 'cursor://user@x/cb',
  'https://desk.example/cb#', 'https://desk.example/cb#fragment', 'cursor://x/cb#a',
  'https://desk.example\\@evil.example/cb', 'https:\\\\evil.example/cb', 'https://desk.example/\\evil', 'http:\\\\localhost/cb',
  'https://desk.example/cb\r\nset-cookie:a=b', 'https://desk.example/c\u0000b', 'https://desk.example/c b', 'https://desk.example/cb%0d%0ax', 'https://desk.example/cb\u007f', 'https://desk.example/\u202ecb',
  'https://*.desk.example/cb', 'https://desk.example/*', '*', 'https://*/cb', 'http://localhost:*/cb',
  'http://desk.example/cb', 'http://192.168.0.1/cb', 'http://10.0.0.1/cb', 'http://0.0.0.0/cb', 'http://[::]/cb', 'http://[::ffff:127.0.0.1]/cb', 'HTTP://localhost/cb',
  '//evil.example/cb', '/cb', 'cb', '', 'https:', 'https://', 'https:///cb', 'https:evil.example', 'https://desk.example/../evil', 'https://desk.example/%2e%2e/evil', 'https://desk.example/./cb',
  'https://desk.example\u3002evil.example/cb', 'https://dеsk.example/cb', 'https://desk.example:99999/cb', 'https://desk.example%2f@evil.example/cb',
  `https://desk.example/${'a'.repeat(2048)}`,
]

attack(9, () => {
  it.each(HOSTILE)('%j is not registered, and not let in unregistered', async (uri) => {
    const { status, body } = await registering([uri])
    expect([status, body.error]).toEqual([400, 'invalid_redirect_uri'])
    const { client_id } = await register(stage.issuer, { redirect_uris: [GOOD] })
    // An empty one counts as absent (RFC 6749, 3.1): then the answer goes to the one that is registered.
    if (uri !== '') expectPage(await asking(client_id, uri), 400)
    expectPage(await asking('nobody', uri), 400)
  })

  it('among good ones it is the one that is named', async () => {
    for (const uri of [
      'javascript:alert(1)',
      'http://localhost@evil.example/cb',
      'https://*.desk.example/cb',
    ]) {
      const { status, body } = await registering([GOOD, uri])
      expect([status, body.error]).toEqual([400, 'invalid_redirect_uri'])
      expect(body.error_description).toContain(`redirect_uris[1] (${uri})`)
      expect(body.error_description).not.toContain('redirect_uris[0]')
    }
    for (const redirects of [
      undefined,
      null,
      [],
      'https://desk.example/cb',
      [1],
      [null],
      [[GOOD]],
      { 0: GOOD },
    ])
      expect((await registering(redirects)).body.error).toBe('invalid_redirect_uri')
  })

  it('nor does a document bring one in', async () => {
    const { publisher } = stage
    const mixed = publisher.publish('/mixed.json', (client_id) => ({
      client_id,
      client_name: 'Desk',
      redirect_uris: [GOOD, ...HOSTILE],
    }))
    for (const uri of HOSTILE.filter((each) => each !== '')) expectPage(await asking(mixed, uri), 400)
    expect(asks(await asking(mixed, GOOD))).toBe(true)
    const hostile = publisher.publish('/hostile.json', (client_id) => ({
      client_id,
      client_name: 'Desk',
      redirect_uris: HOSTILE,
    }))
    for (const uri of ['javascript:alert(1)', GOOD]) expectPage(await asking(hostile, uri), 400)
  })

  it('an unknown client is told on a page, whatever else is wrong', async () => {
    for (const id of [
      'nobody',
      'eyJhbGciOiJIUzI1NiJ9.e30.x',
      'https://nobody.invalid/c',
      'javascript:alert(1)',
      '../register',
    ])
      for (const changed of [
        {},
        { code_challenge: undefined },
        { response_type: 'token' },
        { resource: 'https://x/' },
      ])
        expectPage(await asking(id, 'https://evil.example/cb', changed), 400)
    expectPage(await asking('x', GOOD, { client_id: undefined }), 400)
  })
})

attack(10, () => {
  // biome-ignore format: addresses next to one another
  const UNLISTED = [
    'https://evil.example/cb', `${GOOD}/`, `${GOOD}/more`, `${GOOD}?a=b`, `${GOOD}?`, 'https://desk.example/', 'https://desk.example/CB', 'https://desk.example/c%62',
    'https://DESK.example/cb', 'https://desk.example:443/cb', 'https://desk.example:8443/cb', 'https://www.desk.example/cb', 'https://desk.example.evil.example/cb',
    'https://desk.example./cb', 'https://evil-desk.example/cb', 'http://desk.example/cb', 'http://localhost/cb', 'cursor://desk.example/cb', `${GOOD}%20`, ` ${GOOD}`, `${GOOD};x`,
  ]

  it.each(['a registration', 'a document'])('of %s: one that is not listed is refused here', async (kind) => {
    const redirect_uris = [GOOD, 'https://desk.example/second']
    const id =
      kind === 'a document'
        ? stage.publisher.publish('/desk.json', (client_id) => ({
            client_id,
            client_name: 'Desk',
            redirect_uris,
          }))
        : (await register(stage.issuer, { redirect_uris })).client_id
    expect(asks(await asking(id, GOOD))).toBe(true)
    const before = stage.provider.requests.length
    for (const uri of UNLISTED) {
      for (const changed of [
        {},
        { response_type: 'token' },
        { code_challenge: undefined },
        { prompt: 'none' },
        { state: 'x'.repeat(2000) },
      ])
        expectPage(await asking(id, uri, changed), 400)
    }
    expectPage(await asking(id, GOOD, { redirect_uri: undefined }), 400)
    expectPage(await asking(id, '', {}), 400)
    expect(stage.provider.requests.length).toBe(before)
  })

  it('nor may there be two of them', async () => {
    const { client_id } = await register(stage.issuer, { redirect_uris: [GOOD] })
    const { authorizeUrl } = await newClient({ issuer: stage.issuer, clientId: client_id, redirect: GOOD })
    const evil = `redirect_uri=${encodeURIComponent('https://evil.example/cb')}`
    expectPage(await new Person().request(`${authorizeUrl}&${evil}`), 400)
    expectPage(await new Person().request(authorizeUrl.replace('?', `?${evil}&`)), 400)
  })

  it('what is shown is what is approved: the form cannot name another', async () => {
    const { client_id } = await register(stage.issuer, { redirect_uris: [GOOD] })
    const person = new Person()
    const { authorizeUrl } = await newClient({ issuer: stage.issuer, clientId: client_id, redirect: GOOD })
    const page = await person.request(authorizeUrl)
    const evil = 'https://evil.example/cb'
    const end = await person.follow(
      await person.submit(page, { decision: 'approve', redirect_uri: evil }),
      GOOD,
    )
    expect(end.url).toMatch(/^https:\/\/desk\.example\/cb\?code=/)
  })
})

attack(11, () => {
  // biome-ignore format: a registration and what may ask in its place
  const GRANTED: [string, string[]][] = [
    ['http://localhost:3118/callback', ['http://localhost:3118/callback', 'http://localhost:50000/callback', 'http://localhost/callback']],
    ['http://127.0.0.1/callback', ['http://127.0.0.1/callback', 'http://127.0.0.1:1/callback', 'http://127.0.0.1:65535/callback']],
    ['http://[::1]:8080/callback?a=b', ['http://[::1]:9090/callback?a=b']],
  ]

  it.each(GRANTED)('%s: its port may differ', async (registered, asked) => {
    const { client_id } = await register(stage.issuer, { redirect_uris: [registered] })
    for (const uri of asked) expect(asks(await asking(client_id, uri)), uri).toBe(true)
  })

  // biome-ignore format: a kind a line
  const REFUSED = [
    'http://localhost.evil.com:3118/callback', 'http://localhost.evil.com/callback', 'http://127.0.0.1.nip.io/callback', 'http://127.0.0.1.nip.io:3118/callback', 'http://evil.localhost/callback', 'http://localhost.:3118/callback',
    'http://localhost:3118/callback/', 'http://localhost:3118/other', 'http://localhost:3118/', 'http://localhost:3118', 'http://localhost:3118//callback', 'http://localhost:3118/Callback', 'http://localhost:3118/callback%2f', 'http://localhost:3118/x/../callback',
    'http://localhost:3118/callback?x=1', 'http://localhost:3118/callback?', 'http://localhost:3118/callback#x',
    'https://localhost:3118/callback', 'HTTP://localhost:3118/callback', 'ws://localhost:3118/callback',
    'http://127.0.0.1:3118/callback', 'http://127.0.0.2:3118/callback', 'http://[::1]:3118/callback', 'http://LOCALHOST:3118/callback', 'http://0.0.0.0:3118/callback',
    'http://2130706433:3118/callback', 'http://0x7f000001:3118/callback', 'http://0x7f.0.0.1:3118/callback', 'http://0177.0.0.1:3118/callback', 'http://127.1:3118/callback', 'http://017700000001:3118/callback', 'http://127.0.0.1.:3118/callback',
    'http://[::ffff:127.0.0.1]:3118/callback', 'http://[0:0:0:0:0:0:0:1]:3118/callback', 'http://①②⑦.0.0.1:3118/callback', 'http://ｌocalhost:3118/callback',
    'http://localhost:3118@evil.com/callback', 'http://evil.com@localhost:3118/callback', 'http://localhost:3118.evil.com/callback', 'http://localhost:99999/callback', 'http://localhost:-1/callback', 'http://localhost:/callback/', 'http://localhost\\.evil.com/callback', 'http://localhost%2eevil.com/callback', 'http://localhost:3118\t/callback',
  ]

  it.each(REFUSED)('%s is not http://localhost:3118/callback', async (uri) => {
    const { client_id } = await register(stage.issuer, { redirect_uris: ['http://localhost:3118/callback'] })
    expectPage(await asking(client_id, uri), 400)
    const document = stage.publisher.publish('/cli.json', (id) => ({
      client_id: id,
      client_name: 'CLI',
      redirect_uris: ['http://localhost/callback'],
    }))
    expectPage(await asking(document, uri), 400)
  })

  it.each(REFUSED.filter((uri) => /2130706433|0x7f|0177|127\.1:|0177|①|ｌ|evil|nip|localhost\./.test(uri)))(
    '%s is not loopback to a registration either',
    async (uri) => {
      expect((await registering([uri])).status).toBe(400)
    },
  )

  it('an https address has a port of its own', async () => {
    const { client_id } = await register(stage.issuer, {
      redirect_uris: ['https://127.0.0.1:3118/cb', 'https://localhost:3118/cb'],
    })
    for (const uri of ['https://127.0.0.1:3119/cb', 'https://localhost:3119/cb', 'https://localhost/cb'])
      expectPage(await asking(client_id, uri), 400)
  })
})
