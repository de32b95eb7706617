#!/usr/bin/env node
/** The `lectern` command: looks up what was typed, runs it, and says what was wrong in one line. */
import { audit } from './commands/audit.ts'
import { check } from './commands/check.ts'
import type { Command } from './commands/command.ts'
import { compile } from './commands/compile.ts'
import { doctor } from './commands/doctor.ts'
import { document } from './commands/document.ts'
import { probe } from './commands/probe.ts'
import { sandbox } from './commands/sandbox.ts'
import { settings } from './commands/settings.ts'
import { start } from './commands/start.ts'
import { sync } from './commands/sync.ts'
import { StartError } from './errors.ts'
import { closest } from './tools/closest.ts'
import { reveal } from './tools/invisible.ts'
import { VERSION } from './version.ts'

const COMMANDS: Record<string, Command> = {
  start,
  compile,
  doctor,
  check,
  sync,
  audit,
  sandbox,
  probe,
  document,
  settings,
}

const HELP = `lectern ${VERSION}: a stateless, read-only MCP connector for a REST API

Usage: lectern <command> [options]

${Object.entries(COMMANDS)
  .map(([name, { summary }]) => `  ${name.padEnd(10)} ${summary}`)
  .join('\n')}

lectern <command> --help says more.`

async function main([word = 'help', ...args]: string[]): Promise<void> {
  if (/^(--version|-v|version)$/.test(word)) return console.log(VERSION)
  if (/^(--help|-h|help)$/.test(word)) return console.log(HELP)
  const command = Object.hasOwn(COMMANDS, word) ? COMMANDS[word] : undefined
  if (!command) {
    const near = closest(word, Object.keys(COMMANDS))
    const mend =
      near === undefined ? `known are ${Object.keys(COMMANDS).join(', ')}` : `did you mean ${near}?`
    throw new StartError(`${word} is no command`, [mend])
  }
  await command.run(args)
}

main(process.argv.slice(2)).catch((error: unknown) => {
  const expected = error instanceof StartError
  // A message may quote a document, and a terminal obeys some characters.
  console.error(expected ? `lectern: ${reveal(error.message).replaceAll('\r', ' ')}` : error)
  process.exitCode = expected ? 2 : 1
})
