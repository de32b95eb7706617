/** Declares the tests of one row of the table, under its name. */
import { describe } from 'vitest'
import { nameOf, rows } from './rows.ts'

export function attack(number: number, tests: () => void): void {
  const found = rows.find((row) => row.number === number)
  if (found === undefined) throw new TypeError(`the table has no row ${number}`)
  describe(nameOf(found), tests)
}
