/** The table of directories: what their reviews ask of a connector, beyond what the clients behind them take. */
import { CLIENTS, type Client } from './clients.ts'
import type { RuleName } from './rules.ts'

const clientOf = (name: string) => CLIENTS.find((each) => each.name === name)!
/** A review looks at the words: none may be missing, and none may be there for the model alone. */
const REVIEWED = [
  'description-absent',
  'words-instruct',
  'words-tags',
  'words-invisible',
  'words-fetch',
  'words-encoded',
  'discovery',
] satisfies RuleName[]

export const DIRECTORIES: Client[] = [
  {
    name: 'anthropic-directory',
    title: 'Anthropic’s connector directory',
    // claude.com/docs/connectors/building/review-criteria: the bare name counts there.
    names: { ...clientOf('claude').names, prefix: () => '' },
    signsIn: clientOf('claude').signsIn!,
    refuses: ['root-type', 'title-absent', 'effect-unsaid', ...REVIEWED],
    loses: ['description-thin'],
    drops: [],
  },
  {
    name: 'openai-review',
    title: 'OpenAI’s app review',
    names: clientOf('openai').names,
    signsIn: clientOf('openai').signsIn!,
    refuses: ['root-type', 'read-only-unsaid', 'hints', ...REVIEWED],
    loses: ['description-thin', 'title-absent'],
    drops: [],
  },
]
