/** Only some members of a record, named by dotted paths that lead through lists as if they were not there. */
import { endOf, isArrayAt, isObjectAt, readItems, readMembers, type Span } from './spans.ts'

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
export function pick(text: string, { start, end }: Span, wanted: Wanted | true): string {
  if (wanted === true) return text.slice(start, end)
  const kept: string[] = []
  take(text, start, wanted, kept)
  return kept.join('')
}

/** Just after the value at `at`, what is wanted of it in `kept`: so each character is read once, however deep it stands. */
function take(text: string, at: number, wanted: Wanted | true, kept: string[]): number {
  if (wanted !== true && isObjectAt(text, { start: at })) return takeMembers(text, at, wanted, kept)
  if (wanted !== true && isArrayAt(text, { start: at })) return takeItems(text, at, wanted, kept)
  const end = endOf(text, at)
  kept.push(text.slice(at, end))
  return end
}

function takeMembers(text: string, at: number, wanted: Wanted, kept: string[]): number {
  let before = '{'
  const end = readMembers(text, at, ({ name, from, start }) => {
    const inside = wanted.get(name)
    if (inside === undefined) return endOf(text, start)
    kept.push(before, text.slice(from, start))
    before = ','
    return take(text, start, inside, kept)
  })
  kept.push(before === '{' ? '{}' : '}')
  return end
}

/** Of a list only what has members is looked at; all else is copied in runs. */
function takeItems(text: string, at: number, wanted: Wanted, kept: string[]): number {
  let copied = at
  const end = readItems(text, at, (start) => {
    if (!isObjectAt(text, { start }) && !isArrayAt(text, { start })) return endOf(text, start)
    kept.push(text.slice(copied, start))
    copied = take(text, start, wanted, kept)
    return copied
  })
  kept.push(text.slice(copied, end))
  return end
}
