/** Failures that are explained, a file for each set: the check and, two spaces on, why this connector cannot or should not pass it. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Check } from './suite.ts'

/** By the check's name. */
export type Expected = ReadonlyMap<string, string>

export function readExpected(file: string): Expected {
  const lines = readFileSync(join(import.meta.dirname, 'expected', file), 'utf8').split('\n')
  const named = lines.filter((line) => line.trim() !== '' && !line.startsWith('#'))
  return new Map(
    named.map((line) => {
      const [, name, reason] = /^(\S+: \S+(?: \(\d+\))?) {2,}(\S.*)$/.exec(line) ?? []
      if (name === undefined) throw new Error(`expected/${file} says no check and reason: ${line}`)
      return [name, reason!]
    }),
  )
}

/** What failed or warned and is not explained, and what is explained though it passed or was not there. */
export function faultsOf(checks: Check[], expected: Expected): string[] {
  const bad = checks.filter(isBad)
  const names = new Set(bad.map(({ name }) => name))
  return [
    ...bad
      .filter(({ name }) => !expected.has(name))
      .map(({ name, status, message }) => `${status} ${name}: ${message}`),
    ...[...expected.keys()]
      .filter((name) => !names.has(name))
      .map((name) => `${name} is expected to fail and does not: take it out of the expected failures`),
  ]
}

/** A warning is a SHOULD that is not met, and asks for a reason as well. */
export function isBad({ status }: Check): boolean {
  return status === 'FAILURE' || status === 'WARNING'
}
