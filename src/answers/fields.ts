/** Only some members of a record, named by dotted paths that lead through lists as if they were not there. */
import { eachItem, eachMember, isArrayAt, isObjectAt, type Span } from './spans.ts'

/** By member: `true` for the whole of it, else what is wanted inside. */
export type Wanted = Map<string, Wanted | true>

/** `['id', 'client.name']`; a path that leads into a wanted one adds nothing. */
export function wantedOf(paths: readonly string[]): Wanted {
  const root: Wanted = new Map()
  for (const path of paths) {
    const names = path.split('.')
    const last = names.pop()!
    let at: Wanted | true = root
    for (const name of names) {
      if (at === true) break
      const next: Wanted | true = at.get(name) ?? new Map()
      at.set(name, next)
      at = next
    }
    if (at !== true) at.set(last, true)
  }
  return root
}

/** The value at `span` with nothing but the wanted members; what has no members stays as it is. */
export function pick(text: string, span: Span, wanted: Wanted | true): string {
  if (wanted === true) return text.slice(span.start, span.end)
  if (isObjectAt(text, span)) return pickMembers(text, span, wanted)
  return isArrayAt(text, span) ? pickItems(text, span, wanted) : text.slice(span.start, span.end)
}

function pickMembers(text: string, { start }: Span, wanted: Wanted): string {
  const kept: string[] = []
  eachMember(text, start, (member) => {
    const inside = wanted.get(member.name)
    if (inside) kept.push(text.slice(member.from, member.start) + pick(text, member, inside))
  })
  return `{${kept.join(',')}}`
}

function pickItems(text: string, { start }: Span, wanted: Wanted): string {
  const kept: string[] = []
  eachItem(text, start, (from, end) => {
    kept.push(pick(text, { start: from, end }, wanted))
    return true
  })
  return `[${kept.join(',')}]`
}
