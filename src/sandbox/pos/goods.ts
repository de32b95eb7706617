/** Draws what a tenant sells: departments, products in their sizes, and what may be ordered with them. */
import { moment, today } from '../calendar.ts'
import type { Chance } from '../chance.ts'
import { times } from '../draw.ts'
import { Money } from '../json.ts'
import type { Department, DepartmentGroup, Product, Variation } from './entities.ts'
import type { DepartmentRow, Tenant } from './tenant.ts'

export interface ShopDraw {
  tenant: Tenant
  chance: Chance
  /** The id of the `count`th record of a kind, counted from 1. */
  id(prefix: string, count: number): string
}

export interface Goods {
  groups: DepartmentGroup[]
  departments: Department[]
  products: Product[]
}

export function drawGoods(draw: ShopDraw): Goods {
  const { tenant, id } = draw
  const names = [...new Set(tenant.departments.map(({ group }) => group))]
  const groups = names.map((name, index) => ({ id: id('grp', index + 1), name }))
  const departments = tenant.departments.map(({ name, group, tax }, index) => ({
    id: id('dep', index + 1),
    name,
    groupId: groups.find((one) => one.name === group)!.id,
    taxRate: new Money(tax),
  }))
  const all = tenant.departments.flatMap((row, index) => {
    const department = departments[index]!
    return variants(row).map((variant) => ({ department, ...variant }))
  })
  const products = all.map((one, index) => drawProduct(draw, one.department, one, index + 1))
  addVariations(draw, products)
  return { groups, departments, products }
}

interface Variant {
  name: string
  cents: number
}

/** Each size costs 45 percent of the first one more than the one before it, to ten cents. */
function variants({ sizes, items }: DepartmentRow): Variant[] {
  return items.flatMap(([item, cents]) =>
    sizes.map((size, step) => ({
      name: size === '' ? item : `${item}, ${size}`,
      cents: Math.round((cents * (1 + 0.45 * step)) / 10) * 10,
    })),
  )
}

function drawProduct(
  { tenant, chance, id }: ShopDraw,
  { id: departmentId, name: category, taxRate }: Department,
  { name, cents }: Variant,
  count: number,
): Product {
  return {
    id: id('prd', count),
    sku: `${category.slice(0, 3).toUpperCase()}-${String(count).padStart(4, '0')}`,
    barcode: chance.digits(13),
    name,
    category,
    departmentId,
    price: new Money(cents),
    cost: new Money(Math.round((cents * chance.int(28, 46)) / 100)),
    taxRate,
    currency: tenant.currency,
    active: chance.odds(0.95),
    updatedAt: moment(today - chance.int(0, 400), chance.int(480, 1080)),
    variations: [],
    stock: [],
  }
}

function addVariations({ tenant, id }: ShopDraw, products: Product[]): void {
  let count = 0
  for (const product of products) {
    for (const [department, name, cents] of tenant.options) {
      if (department !== product.category) continue
      count++
      const variation: Variation = {
        id: id('var', count),
        productId: product.id,
        name,
        priceDifference: new Money(cents),
      }
      product.variations.push(variation)
    }
  }
}

/** A row for each of a tenant's words, made from it and its number, counted from 1. */
export function rowsOf<Word, Row>(words: readonly Word[], make: (word: Word, count: number) => Row): Row[] {
  return times(words.length, (count) => make(words[count - 1]!, count))
}
