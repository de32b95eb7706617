/** `lectern document`: the OpenAPI document cut down to what is exposed, as `/mcp/openapi.json` serves it. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Command } from './command.ts'
import { readFlags } from './flags.ts'
import { loadFlowtly } from './flowtly.ts'
import { print } from './print.ts'

const HELP = `Usage: lectern document [--out FILE]

Prints the exposed part of the OpenAPI document, or writes it to FILE.`

export const document: Command = {
  summary: 'print the exposed part of the OpenAPI document',
  run(args) {
    const { values } = readFlags('document', {
      args,
      options: { out: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
    })
    if (values.help) return console.log(HELP)
    const json = JSON.stringify(loadFlowtly().openapi, null, 2)
    if (values.out === undefined) return print(json)
    mkdirSync(dirname(values.out), { recursive: true })
    writeFileSync(values.out, `${json}\n`)
  },
}
