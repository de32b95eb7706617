/** One difference between two versions of an operation, and what it means to those who call the tool. */

/** `breaking` fails what worked, `additive` lets more through, `words` only says it otherwise. */
export type Level = 'breaking' | 'additive' | 'words'

export interface Change {
  level: Level
  /** What changed, in words that follow the operation's name. */
  told: string
}

export const LEVELS: readonly Level[] = ['breaking', 'additive', 'words']

export function breaking(told: string): Change {
  return { level: 'breaking', told }
}

export function additive(told: string): Change {
  return { level: 'additive', told }
}

/** Longest value of a document that a change shows, in characters. */
const LONGEST = 60

/** A value of the document, as JSON, so that its type is seen and a terminal obeys nothing of it. */
export function shown(value: unknown): string {
  const json = JSON.stringify(value) ?? 'none'
  return json.length <= LONGEST ? json : `${json.slice(0, LONGEST - 1)}…`
}
