/** What a command of the `lectern` program is. */

export interface Command {
  summary: string
  /** `args` are the words after the command. Throws StartError for what the person can mend. */
  run(args: string[]): Promise<void> | void
}
