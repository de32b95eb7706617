/** Row 23: what a metadata document says after consent changes nothing for what was agreed to. */
import { beforeAll, expect, it } from 'vitest'
import { type Client, newClient, Person, postForm, redeem, walkToCode } from '../person.ts'
import { attack } from './attack.ts'
import { createSigner, openReadingStage, type Publisher } from './documents.ts'
import { asks, expectPage } from './pages.ts'
import { calls } from './stage.ts'

const GOOD = 'https://desk.example/cb'
const ASSERTION = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

type ReadingStage = Awaited<ReturnType<typeof openReadingStage>>

attack(23, () => {
  let stage: ReadingStage
  beforeAll(async () => {
    stage = await openReadingStage()
  })
  let count = 0

  /** Publishes a document, and again with something changed. */
  function changing(publisher: Publisher, first: object) {
    const path = `/changing-${count++}.json`
    const put = (changed: object) =>
      publisher.publish(path, (client_id) => ({
        client_id,
        client_name: 'Desk',
        redirect_uris: [GOOD],
        ...first,
        ...changed,
      }))
    return { id: put({}), put, gone: () => delete publisher.routes[path] }
  }

  const client = (clientId: string, redirect = GOOD) =>
    newClient({ issuer: stage.issuer, clientId, redirect })
  const codeOf = async (asked: Client) => (await walkToCode(asked)).get('code')!

  it('redirect URIs that change after consent: the one that was shown holds, at every step', async () => {
    const { id, put } = changing(stage.publisher, {})
    const evil = 'https://evil.example/cb'
    const asked = await client(id)
    const person = new Person()
    const page = await person.request(asked.authorizeUrl)
    put({ redirect_uris: [evil] })
    const end = await person.follow(await person.submit(page, { decision: 'approve' }), GOOD)
    expect(end.url).toMatch(/^https:\/\/desk\.example\/cb\?/)
    const code = new URL(end.url).searchParams.get('code')!
    const before = calls(stage.provider, 'token')
    expect((await redeem(asked, code, { redirect_uri: evil })).body.error).toBe('invalid_grant')
    expect(calls(stage.provider, 'token')).toBe(before)
    expect((await redeem(asked, code)).status).toBe(200)
    // A new request is judged by the new document: it was read again.
    expectPage(await new Person().request((await client(id)).authorizeUrl), 400)
    expect(asks(await new Person().request((await client(id, evil)).authorizeUrl))).toBe(true)
  })

  it('a document that gives up its key after consent does not open the code to whoever has none', async () => {
    const { keySet, assert } = await createSigner()
    const jwks_uri = stage.publisher.publish(`/keys-${count}.json`, () => keySet)
    const { id, put, gone } = changing(stage.publisher, {
      token_endpoint_auth_method: 'private_key_jwt',
      jwks_uri,
    })
    const asked = await client(id)
    const code = await codeOf(asked)
    const before = calls(stage.provider, 'token')
    const later: (() => unknown)[] = [
      () => put({ token_endpoint_auth_method: 'none', jwks_uri: undefined }),
      () => put({ token_endpoint_auth_method: undefined }),
      gone,
    ]
    for (const change of later) {
      change()
      const { status, body } = await redeem(asked, code)
      expect([status, body.error]).toEqual([401, 'invalid_client'])
    }
    expect(calls(stage.provider, 'token')).toBe(before)
    const proof = { client_assertion_type: ASSERTION, client_assertion: await assert(id, stage.issuer) }
    const { status, body } = await redeem(asked, code, proof)
    expect(status).toBe(200)
    const form = { grant_type: 'refresh_token', refresh_token: body.refresh_token, client_id: id }
    expect((await postForm(`${stage.issuer}/token`, form)).body.error).toBe('invalid_client')
    expect(
      (await postForm(`${stage.issuer}/revoke`, { token: body.refresh_token, client_id: id })).status,
    ).toBe(401)
  })

  it('keys of an attacker under another address, published after consent, prove nothing', async () => {
    const [own, attacker] = [await createSigner(), await createSigner()]
    const jwks_uri = stage.publisher.publish(`/own-${count}.json`, () => own.keySet)
    const evil_uri = stage.publisher.publish(`/evil-${count}.json`, () => attacker.keySet)
    const { id, put } = changing(stage.publisher, { token_endpoint_auth_method: 'private_key_jwt', jwks_uri })
    const asked = await client(id)
    const code = await codeOf(asked)
    put({ jwks_uri: evil_uri })
    const proof = async (signer: typeof own) => ({
      client_assertion_type: ASSERTION,
      client_assertion: await signer.assert(id, stage.issuer),
    })
    expect((await redeem(asked, code, await proof(attacker))).body.error).toBe('invalid_client')
    expect(stage.publisher.asked).not.toContain(new URL(evil_uri).pathname)
    expect((await redeem(asked, code, await proof(own))).status).toBe(200)
  })

  it('a document that takes up a key after consent changes nothing for the code that was asked for without', async () => {
    const { keySet } = await createSigner()
    const { id, put } = changing(stage.publisher, { token_endpoint_auth_method: 'none' })
    const asked = await client(id)
    const code = await codeOf(asked)
    const jwks_uri = stage.publisher.publish(`/late-${count}.json`, () => keySet)
    put({ token_endpoint_auth_method: 'private_key_jwt', jwks_uri })
    expect((await redeem(asked, code)).status).toBe(200)
    const next = await client(id)
    expect((await redeem(next, await codeOf(next))).body.error).toBe('invalid_client')
  })

  it('a name that changes after it was shown is not what was approved', async () => {
    const { id, put } = changing(stage.publisher, { client_name: 'Desk' })
    const person = new Person()
    const page = await person.request((await client(id)).authorizeUrl)
    expect(page.page).toContain('Desk')
    put({ client_name: 'Evil', redirect_uris: ['https://evil.example/cb'] })
    const { response } = await person.submit(page, { decision: 'approve' })
    expect(response.headers.get('location')).toContain(stage.provider.endpoints.authorization)
    const back = await person.follow(await person.request(response.headers.get('location')!), GOOD)
    expect(back.url).toMatch(/^https:\/\/desk\.example\/cb\?code=/)
  })
})
