/** `lectern compile`: what becomes of an OpenAPI document, for a reader or (`--json`) for a program. */
import { derive } from '../connector/derive.ts'
import { StartError } from '../errors.ts'
import { definitions } from '../mcp/view.ts'
import { documentLocation, documentName, readDocument } from '../node/document.ts'
import { readSettings } from '../settings.ts'
import type { Command } from './command.ts'
import { readFlags } from './flags.ts'
import { print, printJson } from './print.ts'
import { report } from './report.ts'
import { checkBase } from './start-document.ts'
import { toolNames } from './tool-names.ts'

const HELP = `Usage: lectern compile FILE-OR-URL [--json] [--base-url URL] [--tool-names dotted|underscore] [--allow-private]

Says which tools an OpenAPI document becomes, and which of its GETs are skipped and why. The document is 3.0, 3.1,
3.2 or Swagger 2.0, in JSON or YAML; - reads the standard input. Exit code 0 means that it was read, even where no tool
came of it, and 2 that it cannot be used at all.
  --json              prints {"operations":n,"tools":[...],"skipped":[...]}, the tools as tools/list has them
  --base-url URL      base URL of the API, in place of the document's first server
  --tool-names FORM   underscore (pets_list, default) or dotted (pets.list)
  --allow-private     the address may be private, and http`

export const compile: Command = {
  summary: 'tell which tools an OpenAPI document becomes',
  async run(args) {
    const options = {
      json: { type: 'boolean', default: false },
      'base-url': { type: 'string' },
      'tool-names': { type: 'string' },
      'allow-private': { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h' },
    } as const
    const { values, positionals } = readFlags('compile', { args, options, allowPositionals: true })
    if (values.help) return console.log(HELP)
    const [source, ...more] = positionals
    if (source === undefined)
      throw new StartError('No document is named', ['name one: lectern compile FILE-OR-URL'])
    if (more.length > 0)
      throw new StartError(`${positionals.length} documents are named`, ['name one document only'])
    const server = checkBase(values['base-url'])
    const form = toolNames(values['tool-names'])
    const document = await readDocument(source, readSettings(process.env), values['allow-private'])
    const derived = derive(document, {
      called: documentName(source),
      ...documentLocation(source),
      ...(server && { server }),
      ...(form && { toolNames: form }),
    })
    const { catalog, operations, skipped } = derived
    const tools = definitions(catalog.tools, catalog.toolNames === 'underscore')
    const isTrusted = server !== undefined || values['allow-private']
    if (values.json) printJson({ operations, tools, skipped })
    else print(report(document, derived, tools, isTrusted))
  },
}
