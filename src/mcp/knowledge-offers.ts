/** `search` and `fetch` as a caller sees them: which of the sources are open to it, and what their descriptions say of those. */
import type { Catalog, Knowledge } from '../connector/catalog.ts'
import type { Schema } from '../json.ts'
import { visible } from '../tools/invisible.ts'
import type { Offer } from '../tools/tool.ts'

/** Longest query and id, in characters; said in no schema, since ChatGPT compares the listed ones with its own. */
const LONGEST = { query: 1000, id: 500 }
const LONGEST_LIST = 1000

/** The sources both of whose tools are among `names`, in the order of the declaration: the first is the default. */
export function openSources({ knowledge }: Catalog, names: ReadonlySet<string>): Knowledge[] {
  return knowledge.filter(({ list, get }) => names.has(list) && names.has(get))
}

/** Both, or none where no source is open. */
export function knowledgeOffers(catalog: Catalog, names: ReadonlySet<string>): Offer[] {
  const sources = openSources(catalog, names)
  return sources.length === 0 ? [] : [searchOffer(catalog, sources), fetchOffer(catalog, sources)]
}

export function searchOffer({ title }: Catalog, sources: Knowledge[]): Offer {
  const [first, second] = sources.map(({ namespace }) => namespace)
  const all = sources.map(({ namespace, title: words }) => `${namespace} (${words})`).join(', ')
  const others =
    second === undefined
      ? ''
      : ` A name and a colon in front look among others, as in \`${second}: some words\`.`
  return offer({
    name: 'search',
    title: `Search ${title}`,
    description:
      `Records of ${title} by words in them: id, title and web page of each. Words alone are looked for among ${first}.` +
      `${others} Searchable: ${visible(all, LONGEST_LIST)}.`,
    argument: 'query',
    words:
      second === undefined
        ? 'Words to find.'
        : 'Words to find, after a name and a colon where not the default is meant.',
  })
}

export function fetchOffer({ title }: Catalog, sources: Knowledge[]): Offer {
  const example = sources[0] === undefined ? '' : `, such as \`${sources[0].namespace}:…\``
  return offer({
    name: 'fetch',
    title: `Fetch a record of ${title}`,
    description: `One record of ${title} in full, by the id that search gives: its JSON as text, its title and its web page.`,
    argument: 'id',
    words: `Id of a result of search${example}.`,
  })
}

/** A tool of one argument, and the words about both. */
interface Described {
  name: string
  title: string
  description: string
  argument: keyof typeof LONGEST
  words: string
}

function offer({ argument, words, ...tool }: Described): Offer {
  const schema: Schema = { type: 'string', description: words }
  return {
    ...tool,
    inputSchema: {
      type: 'object',
      properties: { [argument]: schema },
      required: [argument],
      additionalProperties: false,
    },
    accepts: { [argument]: { ...schema, minLength: 1, maxLength: LONGEST[argument] } },
    defaults: {},
  }
}
