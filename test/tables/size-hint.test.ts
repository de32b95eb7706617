/** What `tools/list` tells Claude Code of how much a tool may answer. */
import { expect, it } from 'vitest'
import { discoveryOffers } from '../../src/mcp/discovery-offers.ts'
import { definitions } from '../../src/mcp/view.ts'
import { oneGet, toolOf } from '../documents.ts'

const GET = oneGet({ summary: 'Lists things.' })

it.each([
  ['nothing, where every answer is shown whole', {}, 38_000, undefined],
  ['nothing, just below where it is put into a file', {}, 49_000, undefined],
  ['the deployment’s budget', {}, 80_000, 80_000],
  ['its own budget, whatever the deployment’s is', { budget: 60_000 }, 38_000, 60_000],
  ['nothing of the deployment’s budget, where its own is small', { budget: 2_000 }, 80_000, undefined],
  ['the most that is taken', { budget: 9_000_000 }, 38_000, 500_000],
  ['the most that is taken, where answers are handed on as they are', false as const, 38_000, 500_000],
])('%s', (_, answers, answerBudget, expected) => {
  const [listed] = definitions([toolOf(GET, { answers })], true, answerBudget) as { _meta?: object }[]
  expect(listed!._meta).toEqual(expected && { 'anthropic/maxResultSizeChars': expected })
})

it('is for tools that read, and not for those that find them', () => {
  const listed = definitions(Object.values(discoveryOffers), true, 80_000)
  expect(listed).toHaveLength(3)
  for (const each of listed) expect(each).not.toHaveProperty('_meta')
})
