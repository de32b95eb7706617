/** `lectern audit`: replays every tool against an upstream that writes everything down, and reports that nothing but GET to it left. */
import { audit as run } from '../audit/audit.ts'
import { markdown, reportOf, type Subject } from '../audit/report.ts'
import { sha256 } from '../connector/canonical.ts'
import { documentVersion } from '../drift/lock.ts'
import { surfaceOf } from '../mcp/view.ts'
import { openPorts } from '../node.ts'
import { readSettings } from '../settings.ts'
import { reveal } from '../tools/invisible.ts'
import { VERSION } from '../version.ts'
import type { Command } from './command.ts'
import { type Chosen, CONNECTOR_HELP, CONNECTOR_OPTIONS, chooseConnector } from './connector.ts'
import { readFlags } from './flags.ts'
import { isoNow, print } from './print.ts'
import { replaceFile } from './replace.ts'

const HELP = `Usage: lectern audit [--out FILE] [--json] [--declaration FILE] [--openapi FILE-OR-URL] [--allow-private]

Calls every tool with good, missing and hostile arguments, in front of an upstream on loopback that writes down each
request and answers in every way, and watches every connection that the process opens. The report says whether nothing
but GET to one origin left; exit code 1 means that something did. The real upstream is not asked.
${CONNECTOR_HELP}
  --out FILE             writes the report there
  --json                 as JSON instead of Markdown`

const OPTIONS = {
  ...CONNECTOR_OPTIONS,
  out: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h' },
} as const

export const audit: Command = {
  summary: 'replay every tool, and report that nothing but GET to one origin left',
  async run(args) {
    const { values } = readFlags('audit', { args, options: OPTIONS })
    if (values.help) return console.log(HELP)
    const chosen = await chooseConnector(values, readSettings(process.env))
    const found = await run(chosen.catalog, openPorts)
    const report = reportOf(await subjectOf(chosen), found)
    const written = values.json ? `${reveal(JSON.stringify(report, null, 2))}\n` : markdown(report)
    if (values.out === undefined) print(written.trimEnd())
    else {
      await replaceFile(values.out, written)
      print(
        `${report.holds ? 'All checks hold' : 'VIOLATIONS'}: ${report.calls} calls, ${report.requests} requests, ${values.out}`,
      )
    }
    if (!report.holds) process.exitCode = 1
  },
}

async function subjectOf({ catalog, document, bytes }: Chosen): Promise<Subject> {
  return {
    connector: catalog.name,
    title: catalog.title,
    lectern: VERSION,
    node: process.versions.node,
    document: { version: documentVersion(document), sha256: await sha256(bytes) },
    surface: await surfaceOf(catalog),
    date: isoNow(),
  }
}
