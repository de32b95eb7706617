/** `lectern settings`: every setting with its default, as the table that the README shows. */
import { settingRows } from '../settings.ts'
import type { Command } from './command.ts'
import { readFlags } from './flags.ts'

export const settings: Command = {
  summary: 'print every setting and its default',
  run(args) {
    const { values } = readFlags('settings', { args, options: { help: { type: 'boolean', short: 'h' } } })
    if (values.help)
      return console.log('Usage: lectern settings\n\nPrints every setting as a Markdown table.')
    console.log(settingsTable())
  },
}

/** Markdown, one row a setting. */
export function settingsTable(): string {
  const rows = Object.values(settingRows).map(
    ({ variable, default: preset, meaning }) => `| \`${variable}\` | ${shown(preset)} | ${meaning} |`,
  )
  return ['| Variable | Default | Meaning |', '|---|---|---|', ...rows].join('\n')
}

function shown(preset: string | undefined): string {
  return preset ? `\`${preset}\`` : 'none'
}
