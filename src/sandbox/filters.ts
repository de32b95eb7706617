/** The filters of the lists: each reads the values of one query parameter and says which rows to keep. */
import type { Money } from './json.ts'
import { unprocessable } from './problem.ts'

/** Throws a 422 problem when a value cannot be read; `values` holds at least one. */
export type Filter<Row> = (values: readonly string[], name: string) => (row: Row) => boolean

type Text = string | null | undefined

/** Rows whose text equals the value, such as a linked id. */
export function equals<Row>(text: (row: Row) => Text): Filter<Row> {
  return ([value]) =>
    (row) =>
      text(row) === value
}

/** Rows whose text equals the value, where the value has a fixed form. */
export function matches<Row>(text: (row: Row) => Text, form: RegExp, wording: string): Filter<Row> {
  return ([value = ''], name) => {
    if (!form.test(value)) throw unprocessable(name, `must be ${wording}`)
    return (row) => text(row) === value
  }
}

/** Rows whose text equals the value, which must be one of a closed set. */
export function oneOf<Row>(text: (row: Row) => Text, set: readonly string[]): Filter<Row> {
  return ([value = ''], name) => {
    member(value, name, set)
    return (row) => text(row) === value
  }
}

/** Rows whose text equals any item of one comma-separated value, each one of a closed set. */
export function anyOf<Row>(text: (row: Row) => string, set: readonly string[]): Filter<Row> {
  return ([value = ''], name) => {
    const wanted = value.split(',')
    for (const item of wanted) member(item, name, set)
    return (row) => wanted.includes(text(row))
  }
}

/** Rows whose text equals any of the repeated values, of which there may be `most`. */
export function anyOfRepeated<Row>(text: (row: Row) => Text, most: number): Filter<Row> {
  return (values, name) => {
    if (values.length > most) throw unprocessable(name, `must not be repeated more than ${most} times`)
    return (row) => values.includes(text(row) ?? '')
  }
}

/** Rows on or after a date; rows without one are left out. */
export function from<Row>(date: (row: Row) => Text): Filter<Row> {
  return ([value = ''], name) => {
    const first = readDate(value, name)
    return (row) => (date(row) ?? '') >= first
  }
}

/** Rows on or before a date; rows without one are left out. */
export function to<Row>(date: (row: Row) => Text): Filter<Row> {
  return ([value = ''], name) => {
    const last = readDate(value, name)
    return (row) => (date(row) ?? '~') <= last
  }
}

/** Rows of at least an amount; rows without one are left out. */
export function atLeast<Row>(amount: (row: Row) => Money | null): Filter<Row> {
  return ([value = ''], name) => {
    const least = readCents(value, name)
    return (row) => (amount(row)?.cents ?? Number.NEGATIVE_INFINITY) >= least
  }
}

/** Rows of at most an amount; rows without one are left out. */
export function atMost<Row>(amount: (row: Row) => Money | null): Filter<Row> {
  return ([value = ''], name) => {
    const most = readCents(value, name)
    return (row) => (amount(row)?.cents ?? Number.POSITIVE_INFINITY) <= most
  }
}

/** Rows for which something is as true as the value says. */
export function flag<Row>(holds: (row: Row) => boolean): Filter<Row> {
  return ([value = ''], name) => {
    const wanted = readBoolean(value, name)
    return (row) => holds(row) === wanted
  }
}

/** Rows with the value somewhere in their texts, in upper or lower case. */
export function contains<Row>(texts: (row: Row) => Text[]): Filter<Row> {
  return ([value = ''], name) => {
    if (value.length > 100) throw unprocessable(name, 'must be at most 100 characters')
    const wanted = value.toLowerCase()
    return (row) => texts(row).some((text) => text?.toLowerCase().includes(wanted))
  }
}

export function readBoolean(value: string, name: string): boolean {
  member(value, name, ['true', 'false'])
  return value === 'true'
}

/** A whole number from `least` to `most`. */
export function readCount(value: string, name: string, most: number, least = 1): number {
  const count = /^\d{1,9}$/.test(value) ? Number(value) : -1
  if (count >= least && count <= most) return count
  throw unprocessable(
    name,
    most < 1e9 ? `must be an integer from ${least} to ${most}` : `must be an integer of at least ${least}`,
  )
}

/** A date that exists: 2026-02-30 does not. */
export function readDate(value: string, name: string): string {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(value) ? Date.parse(`${value}T00:00:00Z`) : Number.NaN
  if (!Number.isNaN(time) && new Date(time).toISOString().startsWith(value)) return value
  throw unprocessable(name, 'must be a date (YYYY-MM-DD)')
}

function readCents(value: string, name: string): number {
  if (!/^\d+(\.\d+)?$/.test(value)) throw unprocessable(name, 'must be a number of at least 0')
  return Math.round(Number(value) * 1e6) / 1e4
}

function member(value: string, name: string, set: readonly string[]): void {
  if (!set.includes(value)) throw unprocessable(name, `must be one of ${set.join(', ')}`)
}
