/** The calendar of the demonstration books: days are counted from 1970-01-01, and today never moves. */

/** The day that the books are written on; a fixed one, so that every start tells the same story. */
export const today = day('2026-06-30')

/** The first day of the books. */
export const firstDay = day('2024-01-01')

/** The number of a day (YYYY-MM-DD). */
export function day(date: string): number {
  return Date.parse(`${date}T00:00:00Z`) / 86_400_000
}

const dates = new Map<number, string>()

/** The date (YYYY-MM-DD) of a day. Remembered, since the books name the same few hundred days over and over. */
export function dateOf(count: number): string {
  let date = dates.get(count)
  if (date === undefined) {
    date = new Date(count * 86_400_000).toISOString().slice(0, 10)
    dates.set(count, date)
  }
  return date
}

/** An RFC 3339 time in UTC, `minutes` after midnight of a day. */
export function moment(count: number, minutes: number): string {
  const two = (part: number) => String(part).padStart(2, '0')
  return `${dateOf(count)}T${two(Math.floor(minutes / 60))}:${two(minutes % 60)}:00Z`
}

/** The day `months` after another one; the 31st becomes the last day of a shorter month. */
export function addMonths(count: number, months: number): number {
  const from = new Date(count * 86_400_000)
  const year = from.getUTCFullYear()
  const month = from.getUTCMonth() + months
  const last = new Date(Date.UTC(year, month + 1, 0)).getUTCDate()
  return Date.UTC(year, month, Math.min(from.getUTCDate(), last)) / 86_400_000
}
