/** What another request began may never end; whoever waits for it does not wait for ever. */
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { findClient } from '../../src/oauth/client.ts'
import { within } from '../../src/oauth/within.ts'
import { after } from '../../src/ports.ts'
import { createTestAuthority } from '../authority.ts'

const LATE = new Error('late')

describe('a wait', () => {
  it.each([
    ['an outcome', () => Promise.resolve(1), 1],
    ['a failure', () => Promise.reject(new Error('no')), 'no'],
    ['nothing', () => new Promise(() => {}), 'late'],
  ])('for %s', async (_, begun, outcome) => {
    const found = await within({ after }, 0.05, LATE, begun()).catch((error: Error) => error.message)
    expect(found).toBe(outcome)
  })
})

describe('a document whose request was dropped', () => {
  const CLAUDE = 'https://claude.ai/oauth/claude-code-client-metadata'
  const BACK = 'http://localhost:3118/callback'
  const document = {
    client_id: CLAUDE,
    client_name: 'Claude Code',
    redirect_uris: ['http://localhost/callback'],
    token_endpoint_auth_method: 'none',
  }

  it('keeps those who join waiting for its time only, and then nobody', async () => {
    const authority = createTestAuthority({ LECTERN_IDP_TIMEOUT: '0.2' })
    const read = authority.ports.getPublic
    // As on Workers: neither an answer, nor an end when it is aborted.
    authority.ports.getPublic = () => new Promise(() => {})
    void findClient(authority, CLAUDE, BACK)
    await pause(10)
    expect(await findClient(authority, CLAUDE, BACK)).toMatchObject({ fault: 'unreadable' })
    authority.ports.getPublic = read
    authority.published[CLAUDE] = { body: document }
    authority.clock.now += 2
    expect(await findClient(authority, CLAUDE, BACK)).toMatchObject({ kind: 'document' })
  })
})
