/** Flowtly's prompts say what its tools can do: each name in them is of a tool, an argument or a member of an answer. */
import { describe, expect, it } from 'vitest'
import { loadFlowtly } from '../../src/commands/flowtly.ts'
import { flowposPrompts } from '../../src/connectors/flowpos-prompts.ts'

const { prompts, tools, completions, openapi } = loadFlowtly()
const names = tools.map(({ name }) => name)
/** Every member that any answer has, by the document. */
const members = new Set([...JSON.stringify(openapi).matchAll(/"(\w+)":\{/g)].map(([, name]) => name!))
const NAMED = /\b[a-z]+[A-Z]\w*\b/g

describe.each(prompts.map((prompt) => [prompt.name, prompt] as const))('%s', (_, prompt) => {
  const { text, routes, tools: needed } = prompt
  const whole = [text, ...routes.map(({ tool, words }) => `- ${tool}: ${words}`)].join('\n')

  it('is short, and in words', () => {
    expect(whole.length).toBeGreaterThan(300)
    expect(whole.length).toBeLessThan(1500)
    expect(whole).toMatch(/currency/)
    expect(whole).toMatch(/do not (guess|estimate|assign)/i)
  })

  it('names the tools that it counts on, and no other', () => {
    const found = new Set(
      [...text.matchAll(/\b[a-zA-Z]+\.(?:list|get|paymentScheduleLines)\b/g)].map(([name]) => name),
    )
    if (routes.length === 0) expect([...found].sort()).toEqual([...needed].sort())
    else expect([...found].filter((name) => !routes.some(({ tool }) => tool === name))).toEqual([])
  })

  it('names arguments and members that there are', () => {
    const known = new Set([
      ...members,
      ...tools.flatMap(({ inputSchema }) => Object.keys(inputSchema.properties)),
    ])
    const words = text.replaceAll(/\{\w+\}|\b[a-zA-Z]+\.[a-zA-Z]+\b/g, '').match(NAMED) ?? []
    expect(words.filter((word) => !known.has(word))).toEqual([])
  })

  it('fills in every argument that it takes', () => {
    for (const { name } of prompt.arguments) expect(text).toContain(`{${name}}`)
  })
})

/** A cut answer keeps neither all rows of its page nor the upstream's pointer, so who turns the page loses the rest of it. */
const paged = [
  ...prompts.map(({ name, text }) => [name, text] as const),
  ...Object.entries(flowposPrompts).map(([name, { text }]) => [name, text] as const),
]
  .map(([name, text]) => [name, text, text.search(/next page|further pages|go on\s(?:with|by)/)] as const)
  .filter(([, , turns]) => turns !== -1)

it.each(paged)('%s reads a cut answer on before it turns the page', (_, text, turns) => {
  const reads = text.indexOf('_lectern.next')
  expect(reads).toBeGreaterThan(-1)
  expect(reads).toBeLessThan(turns)
})

it('pages are turned by seven prompts', () => {
  expect(paged.map(([name]) => name)).toHaveLength(7)
})

it('the router knows every tool', () => {
  expect(prompts[0]!.routes.map(({ tool }) => tool)).toEqual(names)
})

it('what the document lists is completed', () => {
  const directions = { direction: ['sale', 'purchase'] }
  expect(completions.prompts).toEqual({ overdue_invoices: directions, expiring_contracts: directions })
})
