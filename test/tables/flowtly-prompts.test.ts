/** Flowtly's prompts say what its tools can do: each name in them is of a tool, an argument or a member of an answer. */
import { describe, expect, it } from 'vitest'
import { loadFlowtly } from '../../src/commands/flowtly.ts'

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

it('the router knows every tool', () => {
  expect(prompts[0]!.routes.map(({ tool }) => tool)).toEqual(names)
})

it('what the document lists is completed', () => {
  const directions = { direction: ['sale', 'purchase'] }
  expect(completions.prompts).toEqual({ overdue_invoices: directions, expiring_contracts: directions })
})
