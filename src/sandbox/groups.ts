/** The chart of accounts: cost groups and VAT groups. */
import { dateOf, today } from './calendar.ts'
import { type Draw, times } from './draw.ts'
import type { CostGroup, TaxGroup } from './entities.ts'

/** Code, name, kind, code of the group above. */
const costRows: readonly (readonly [string, string, CostGroup['kind'], string?])[] = [
  ['400', 'Operations', 'operating'],
  ['401-01', 'Office rent', 'operating', '400'],
  ['401-02', 'Energy and telecom', 'operating', '400'],
  ['402-01', 'Software and licences', 'operating', '400'],
  ['402-02', 'Hosting and cloud', 'operating', '400'],
  ['403-01', 'Travel and lodging', 'operating', '400'],
  ['403-02', 'Marketing and events', 'operating', '400'],
  ['403-03', 'Meals and hospitality', 'operating', '400'],
  ['404-01', 'Bank fees', 'operating', '400'],
  ['404-02', 'Legal and bookkeeping', 'operating', '400'],
  ['500', 'Cost of sales', 'cost_of_sales'],
  ['501-01', 'Subcontractors', 'cost_of_sales', '500'],
  ['501-02', 'Materials and goods', 'cost_of_sales', '500'],
  ['501-03', 'Freight and customs', 'cost_of_sales', '500'],
  ['600', 'Payroll', 'payroll'],
  ['601-01', 'Salaries', 'payroll', '600'],
  ['601-02', 'Social insurance', 'payroll', '600'],
  ['700', 'Taxes', 'tax'],
  ['701-01', 'VAT payments', 'tax', '700'],
  ['701-02', 'Income tax', 'tax', '700'],
  ['800', 'Equipment', 'capital'],
  ['801-01', 'Computers and machines', 'capital', '800'],
  ['899', 'Intangibles, old chart', 'capital', '800'],
]
const retired = '899'

export function drawCostGroups(draw: Draw): CostGroup[] {
  const idOf = (code: string) => draw.id('cg', costRows.findIndex((row) => row[0] === code) + 1)
  return costRows.map(([code, name, kind, above]) => ({
    id: idOf(code),
    code,
    name,
    kind,
    parentId: above === undefined ? null : idOf(above),
    active: code !== retired,
  }))
}

const taxNames: Record<TaxGroup['kind'], (rate: number) => string> = {
  standard: (rate) => `Standard rate ${rate}%`,
  reduced: (rate) => `Reduced rate ${rate}%`,
  zero: () => 'Zero rate',
  exempt: () => 'Exempt',
  reverse_charge: () => 'Reverse charge',
}

export function drawTaxGroups(draw: Draw): TaxGroup[] {
  const { taxes, country } = draw.organization
  return times(taxes.length, (count) => {
    const [code, kind, rate, validFrom, validTo = null] = taxes[count - 1]!
    const active = validTo === null || validTo >= dateOf(today)
    const id = draw.id('tax', count)
    return { id, code, name: taxNames[kind](rate), kind, rate, country, validFrom, validTo, active }
  })
}
