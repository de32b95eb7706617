/** What an answer says of itself beside the upstream's data, as its member `_lectern`. */
import { reveal } from '../tools/invisible.ts'
import { OWN } from '../tools/own-name.ts'
import type { Arguments } from '../tools/tool.ts'
import { eachMember } from './spans.ts'
import { weigh } from './weight.ts'

export interface Note {
  /** Rows left out before the first one that is shown. */
  skipped?: number | undefined
  shown?: number | undefined
  /** Of how many, on all pages, where the upstream says so. */
  of?: number | undefined
  /** That not all fields are shown, and how to have them. */
  fields?: string | undefined
  /** Why the format is another than was asked for. */
  format?: string | undefined
  /** What was cut inside a row or record. */
  cut?: string[] | undefined
  /** What to do where no call reads on. */
  more?: string | undefined
  /** The call that reads on. */
  next?: { tool: string; arguments: Arguments } | undefined
}

/** `changed` is what `next` changes in the arguments of this call; `budget` is the whole answer's. Undefined where there is nothing to say. */
export function noteText(
  { cut = [], next, ...rest }: Note,
  changed: Arguments = {},
  budget: number,
): string | undefined {
  const cuts = fewCuts(cut, budget / 8)
  // A cursor, or a member's name, is the upstream's: what nobody sees in it must not reach a model as words of ours.
  const said = reveal(
    JSON.stringify({
      ...rest,
      ...(cuts.length > 0 && { cut: cuts }),
      ...(next && callOf(next, changed, budget / 4)),
    }),
  )
  return said === '{}' ? undefined : said
}

/** The first ones are the largest. */
function fewCuts(cuts: string[], room: number): string[] {
  let left = room
  const told = cuts.findIndex((cut) => {
    left -= weigh(cut) + 5
    return left < 0
  })
  if (told === -1) return cuts
  return [...cuts.slice(0, told), `${told === 0 ? '' : 'and '}${cuts.length - told} parts`]
}

/** A call is told whole, or where it is too long by what it changes. */
function callOf(next: { tool: string; arguments: Arguments }, changed: Arguments, room: number): object {
  if (weigh(JSON.stringify(next)) <= room) return { next }
  if (weigh(JSON.stringify(changed)) <= room) return { nextChanges: changed }
  return { more: 'the call that reads on is too long to be written here' }
}

/** `text`, an object that has no member of our name, with the note as its last member. */
export function annotated(text: string, note: string | undefined): string {
  if (note === undefined) return text
  return `${text.slice(0, -1)}${text.length > 2 ? ',' : ''}"${OWN}":${note}}`
}

/** An upstream's own member of that name could be taken for ours. */
export function withoutOwn(text: string): string {
  const kept: string[] = []
  eachMember(text, 0, ({ name, from, end }) => {
    if (name !== OWN) kept.push(text.slice(from, end))
  })
  return `{${kept.join(',')}}`
}

/** Characters by which a note of one count is longer than a note of another: their digits. */
export const NOTE_SLACK = 12

/** What `annotated` adds. */
export function noteWeight(note: string | undefined): number {
  return note === undefined ? 0 : weigh(note) + OWN.length + 6
}
