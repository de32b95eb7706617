/** What every step of drawing the books is handed: the organization, its chance and its ids. */
import { type Chance, createChance } from './chance.ts'
import type { Counterparty, Link } from './entities.ts'
import type { Organization } from './organizations.ts'

export interface Draw {
  organization: Organization
  chance: Chance
  /** The id of the `count`th record of a kind, counted from 1. */
  id(prefix: string, count: number): string
}

export function createDraw(organization: Organization): Draw {
  return {
    organization,
    chance: createChance(organization.seed),
    id: createIds(organization.firstId),
  }
}

/** Ids of six digits that count up from `firstId`. */
export function createIds(firstId: number): Draw['id'] {
  return (prefix, count) => `${prefix}_${String(firstId + count).padStart(6, '0')}`
}

/** `count` records, each made from its number, counted from 1. */
export function times<T>(count: number, make: (count: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index + 1))
}

/** A record in short. */
export function link({ id, name }: Link): Link {
  return { id, name }
}

/** One of the list, the first ones more often: a few clients bring most of the work. */
export function favourite<T>(chance: Chance, list: readonly T[]): T {
  const last = list.length - 1
  return list[Math.min(chance.int(0, last), chance.int(0, last))]!
}

/** VAT is charged at home and reversed across a border. */
export function isDomestic(draw: Draw, party: Counterparty): boolean {
  return party.address.country === draw.organization.country
}
