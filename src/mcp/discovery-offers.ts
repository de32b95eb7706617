/** The three tools that stand for hundreds in `tools/list`: one finds declared tools, one describes one, one calls it. */
import type { Offer } from '../tools/tool.ts'

const find: Offer = {
  name: 'tools.find',
  title: 'Find tools',
  description:
    'Tools of this API by words of what is wanted, the best first, at most 20: name, title, what each answers and which ' +
    'arguments it takes (* where required). Nothing is asked of the API.',
  inputSchema: {
    type: 'object',
    properties: {
      query: { type: 'string', description: 'Words of what is wanted, such as `unpaid invoices`.' },
    },
    required: ['query'],
    additionalProperties: false,
  },
  defaults: {},
}

const describe: Offer = {
  name: 'tools.describe',
  title: 'Describe a tool',
  description:
    'The whole definition of one tool: description and argument schema. Nothing is asked of the API.',
  inputSchema: {
    type: 'object',
    properties: { tool: { type: 'string', description: 'Name of a tool, as tools_find gives it.' } },
    required: ['tool'],
    additionalProperties: false,
  },
  defaults: {},
}

const call: Offer = {
  name: 'tools.call',
  title: 'Call a tool',
  description:
    'Calls one tool that tools_find names, with arguments as tools_describe shows them: one GET, which only reads. ' +
    'What it answers is what the tool itself would.',
  inputSchema: {
    type: 'object',
    properties: {
      tool: { type: 'string', description: 'Name of the tool.' },
      arguments: {
        type: 'object',
        description: 'Arguments of that tool; none where it needs none.',
        properties: {},
        additionalProperties: true,
      },
    },
    required: ['tool'],
    additionalProperties: false,
  },
  defaults: {},
}

export const discoveryOffers = { find, describe, call } as const
