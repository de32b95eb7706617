/** What tells the shops of two demonstration tenants apart. */

export interface Tenant {
  id: string
  name: string
  legalName: string
  seed: number
  /** Ids count up from here, so that no id exists with both tenants. */
  firstId: number
  country: string
  currency: string
  dial: string
  locations: readonly (readonly [name: string, city: string, kind: 'shop' | 'kiosk' | 'warehouse'])[]
  departments: readonly DepartmentRow[]
  /** What may be ordered with a product of a department: its price is added. */
  options: readonly (readonly [department: string, name: string, cents: number])[]
  staff: readonly string[]
  couriers: readonly string[]
  /** Postal codes, fee and smallest order of the zones that couriers go to, in cents. */
  zones: readonly (readonly [name: string, postalCodes: string, fee: number, least: number])[]
  relayPoints: readonly (readonly [name: string, street: string, postalCode: string, city: string])[]
  firstNames: readonly string[]
  lastNames: readonly string[]
  cities: readonly string[]
}

/** `tax` in hundredths of a percent; each item in each size, the first size at the price, each further one dearer. */
export interface DepartmentRow {
  group: string
  name: string
  tax: number
  sizes: readonly string[]
  items: readonly (readonly [name: string, cents: number])[]
}
