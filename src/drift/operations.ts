/** Two versions of one operation: where it is, what it takes and what it answers. */
import { additive, breaking, type Change, shown } from './change.ts'
import type { Field, Fields } from './fields.ts'
import { keyOf, type OperationShape, type ParameterShape } from './operation.ts'
import { compareSchemas } from './schemas.ts'

/** `filled` are the parameters that the declaration's defaults fill in. */
export function compareOperations(
  before: OperationShape,
  after: OperationShape,
  filled: ReadonlySet<string> = new Set(),
): Change[] {
  return [
    ...comparePaths(before, after),
    ...compareParameters(before.parameters, after.parameters, filled),
    ...compareMedia(before.media, after.media),
    ...compareAnswers(before.answer, after.answer),
  ]
}

function comparePaths(before: OperationShape, after: OperationShape): Change[] {
  const moved = before.path !== after.path || before.atOrigin !== after.atOrigin
  return moved ? [breaking(`its path was ${shown(before.path)} and is ${shown(after.path)}`)] : []
}

function compareParameters(
  before: ParameterShape[],
  after: ParameterShape[],
  filled: ReadonlySet<string>,
): Change[] {
  const [old, next] = [before, after].map((all) => new Map(all.map((each) => [keyOf(each), each]))) as [
    Map<string, ParameterShape>,
    Map<string, ParameterShape>,
  ]
  const lost = before.filter((each) => !next.has(keyOf(each)))
  const gained = after.filter((each) => !old.has(keyOf(each)))
  const moved = new Map(
    lost.flatMap((each) => {
      const to = gained.find(({ name }) => name === each.name)
      return to ? [[to, each] as const] : []
    }),
  )
  const gone = new Set(moved.values())
  return [
    ...lost
      .filter((each) => !gone.has(each))
      .map(({ name }) => breaking(`${shown(name)} is no longer taken`)),
    ...gained.flatMap((each) => {
      const from = moved.get(each)
      return from ? compareParameter(from, each, filled) : [added(each, filled)]
    }),
    ...after.flatMap((each) => {
      const same = old.get(keyOf(each))
      return same ? compareParameter(same, each, filled) : []
    }),
  ]
}

function added({ name, required }: ParameterShape, filled: ReadonlySet<string>): Change {
  if (!required) return additive(`${shown(name)} is new, and optional`)
  if (filled.has(name)) return additive(`${shown(name)} is new, and the declaration’s default fills it`)
  return breaking(`${shown(name)} is new, and required`)
}

/** How a value travels; the same argument sent otherwise is another request. */
const TRAVEL = ['in', 'style', 'explode', 'content'] as const

function compareParameter(
  before: ParameterShape,
  after: ParameterShape,
  filled: ReadonlySet<string>,
): Change[] {
  const name = shown(after.name)
  const moved = before.in !== after.in
  // Where it moved, its style follows from the place.
  const travel = TRAVEL.filter((each) => before[each] !== after[each]).slice(0, moved ? 1 : undefined)
  const demanded =
    before.required === after.required
      ? []
      : after.required && !filled.has(after.name)
        ? [breaking(`${name} is now required`)]
        : [
            additive(
              `${name} is ${after.required ? 'now required, and the declaration’s default fills it' : 'no longer required'}`,
            ),
          ]
  return [
    ...travel.map((each) =>
      breaking(
        each === 'in'
          ? `${name} moved from ${before.in} to ${after.in}`
          : `${name}: ${each} was ${shown(before[each])} and is ${shown(after[each])}`,
      ),
    ),
    ...demanded,
    ...compareSchemas(before.schema, after.schema, name),
  ]
}

function compareMedia(before: string[], after: string[]): Change[] {
  const lost = before.filter((type) => !after.includes(type))
  const gained = after.filter((type) => !before.includes(type))
  return [
    ...lost.map((type) => breaking(`it no longer answers ${type}`)),
    ...gained.map((type) => additive(`it also answers ${type}`)),
  ]
}

/** Below a field that is gone or of another type nothing more is said. */
function compareAnswers(before: Fields, after: Fields): Change[] {
  const told = new Set<string>()
  const isTold = (path: string) => ancestors(path).some((each) => told.has(each))
  const tell = (path: string, changes: Change[]) => {
    if (changes.some(({ level }) => level === 'breaking')) told.add(path)
    return changes
  }
  const kept = [...before].flatMap(([path, old]) =>
    isTold(path) ? [] : tell(path, compareField(nameOf(path), old, after.get(path))),
  )
  const isNew = (path: string) => !before.has(path) && !isTold(path)
  const fresh = [...after.keys()].filter(isNew)
  const roots = fresh.filter(
    (path) => !ancestors(path).some((each) => each !== path && isNew(each) && after.has(each)),
  )
  return [...kept, ...roots.map((path) => additive(`it also answers ${nameOf(path)}`))]
}

function nameOf(path: string): string {
  return path === '' ? 'its answer' : path.replace(/^\./, '')
}

/** The path itself and what holds it, such as `.items[].id`, `.items[]`, `.items` and the root. */
function ancestors(path: string): string[] {
  const ends = [...path.matchAll(STEP)].map((step) => step.index + step[0].length)
  return ['', ...ends.map((end) => path.slice(0, end))]
}

/** A member, a member whose name is quoted, or the items of a list. */
const STEP = /\.(?:"(?:[^"\\]|\\.)*"|[^.[\]"]+)|\[\]/g

function compareField(name: string, before: Field, after: Field | undefined): Change[] {
  if (after === undefined) return [breaking(`it no longer answers ${name}`)]
  const lost = after.types.filter((type) => !before.types.some((old) => covers(old, type)))
  const told = `${name} was ${before.types.join(' or ')} and is ${after.types.join(' or ')}`
  if (lost.length > 0) return [breaking(told)]
  const types = before.types.join() === after.types.join() ? [] : [additive(told)]
  const absent = before.always && !after.always ? [breaking(`${name} may be absent now`)] : []
  const present = !before.always && after.always ? [additive(`${name} is always there now`)] : []
  const [old, next] = [before.options?.join(), after.options?.join()]
  const options = old === next ? [] : [additive(`${name} has other values than before`)]
  return [...types, ...absent, ...present, ...options]
}

/** True where a reader of `type` before is not surprised by `next`. */
function covers(type: string, next: string): boolean {
  return (
    type === next ||
    type === 'any' ||
    (type === 'number' && next === 'integer') ||
    (type === 'string' && next.startsWith('string('))
  )
}
