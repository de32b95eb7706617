/** What was typed after a command, by its options; a slip is told with the nearest option and where all of them stand. */
import { type ParseArgsConfig, parseArgs } from 'node:util'
import { StartError } from '../errors.ts'
import { closest } from '../tools/closest.ts'

/** Throws StartError for what the command does not take. */
export function readFlags<T extends ParseArgsConfig>(
  command: string,
  config: T,
): ReturnType<typeof parseArgs<T>> {
  try {
    return parseArgs(config)
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException
    if (!code.startsWith('ERR_PARSE_ARGS')) throw error
    const near = nearest(message, Object.keys(config.options ?? {}))
    const mend = `lectern ${command} --help lists what it takes`
    // The sentences that follow are on arguments that begin with a dash, which none of ours does.
    throw new StartError(message.split(/\. |\n/)[0]!, near === undefined ? [mend] : [near, mend])
  }
}

function nearest(message: string, options: string[]): string | undefined {
  const [, typed] = /^Unknown option '--([^'=]+)/.exec(message) ?? []
  const near = typed === undefined ? undefined : closest(typed, options)
  return near === undefined ? undefined : `did you mean --${near}?`
}
