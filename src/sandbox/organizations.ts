/** The two demonstration organizations: what tells their books apart. */

export interface Organization {
  name: string
  seed: number
  /** Ids count up from here, so that no id exists in both organizations. */
  firstId: number
  code: string
  /** What its sales invoices are numbered with. */
  series: string
  country: string
  currencies: readonly [home: string, ...others: string[]]
  /** Countries of its counterparties; repeated ones are more frequent. */
  markets: readonly string[]
  people: readonly string[]
  trades: readonly string[]
  goods: readonly [description: string, unit: string][]
  projects: readonly string[]
  contracts: readonly string[]
  accounts: readonly AccountRow[]
  /** VAT groups: code, kind, rate in percent, first day, last day. */
  taxes: readonly (readonly [string, TaxKind, number, string, string?])[]
}

export type AccountRow = readonly [
  name: string,
  kind: AccountKind,
  currency: string,
  bank: string,
  bic: string,
]
export type AccountKind = 'current' | 'savings' | 'vat' | 'card'
export type TaxKind = 'standard' | 'reduced' | 'zero' | 'exempt' | 'reverse_charge'

const aurora: Organization = {
  name: 'Aurora Studio',
  seed: 0xa0401a,
  firstId: 0,
  code: 'AUR',
  series: 'FV',
  country: 'PL',
  currencies: ['PLN', 'EUR', 'USD'],
  markets: ['PL', 'PL', 'PL', 'PL', 'DE', 'DE', 'SE', 'DK', 'LT'],
  people: ['Maja Lis', 'Tomasz Król', 'Zofia Wójcik', 'Jan Dąbrowski', 'Hanna Mazur', 'Piotr Zając'],
  trades: ['Media', 'Studio', 'Design', 'Print', 'Film', 'Hosting', 'Cloud', 'Events', 'Museum', 'Verlag'],
  goods: [
    ['Brand workshop, on site', 'h'],
    ['Interface design', 'h'],
    ['Front-end development', 'h'],
    ['Photography session', 'day'],
    ['Illustration set', 'pcs'],
    ['Copy editing, Polish and English', 'h'],
    ['Website maintenance', 'month'],
    ['Printing, 4/4, 300 g/m²', 'pcs'],
  ],
  projects: ['identity', 'website', 'exhibition', 'annual report', 'campaign', 'packaging'],
  contracts: [
    'Website maintenance',
    'Design retainer',
    'Studio lease',
    'Hosting',
    'Photo library',
    'Bookkeeping',
  ],
  accounts: [
    ['Operating account', 'current', 'PLN', 'mBank', 'BREXPLPWXXX'],
    ['Euro account', 'current', 'EUR', 'mBank', 'BREXPLPWXXX'],
    ['Dollar account', 'current', 'USD', 'mBank', 'BREXPLPWXXX'],
    ['VAT account', 'vat', 'PLN', 'mBank', 'BREXPLPWXXX'],
    ['Reserve', 'savings', 'PLN', 'Santander Bank Polska', 'WBKPPLPPXXX'],
    ['Company cards', 'card', 'PLN', 'mBank', 'BREXPLPWXXX'],
  ],
  taxes: [
    ['23%', 'standard', 23, '2011-01-01'],
    ['8%', 'reduced', 8, '2011-01-01'],
    ['5%', 'reduced', 5, '2011-01-01'],
    ['0%', 'zero', 0, '2011-01-01'],
    ['ZW', 'exempt', 0, '2011-01-01'],
    ['RC', 'reverse_charge', 0, '2011-01-01'],
    ['22%', 'standard', 22, '2004-05-01', '2010-12-31'],
  ],
}

const borealis: Organization = {
  name: 'Borealis Trading',
  seed: 0xb04ea1,
  firstId: 500_000,
  code: 'BOR',
  series: 'BT',
  country: 'LT',
  currencies: ['EUR', 'SEK', 'USD'],
  markets: ['LT', 'LT', 'LT', 'EE', 'EE', 'FI', 'SE', 'SE', 'DE', 'PL'],
  people: ['Jonas Petrauskas', 'Rūta Kazlauskienė', 'Mart Tamm', 'Liis Saar', 'Gintarė Žukaitė', 'Erik Lund'],
  trades: [
    'Timber',
    'Logistics',
    'Foods',
    'Marine',
    'Wholesale',
    'Studio',
    'Freight',
    'Packaging',
    'Tools',
    'Energy',
  ],
  goods: [
    ['Birch plywood 18 mm', 'm²'],
    ['Spruce battens, kiln dried', 'm³'],
    ['Smoked rye flour', 'kg'],
    ['Pallet transport Klaipėda–Stockholm', 'pcs'],
    ['Cold storage', 'day'],
    ['Customs declaration', 'pcs'],
    ['Forklift hire', 'day'],
    ['Corrugated boxes 400 × 300', 'pcs'],
  ],
  projects: ['warehouse', 'market entry', 'supply programme', 'cold chain', 'web shop', 'certification'],
  contracts: [
    'Warehouse lease',
    'Freight services',
    'Forklift maintenance',
    'Timber supply',
    'Packaging supply',
    'Audit',
  ],
  accounts: [
    ['Main account', 'current', 'EUR', 'SEB bankas', 'CBVILT2XXXX'],
    ['Krona account', 'current', 'SEK', 'SEB', 'ESSESESSXXX'],
    ['Dollar account', 'current', 'USD', 'Swedbank', 'HABALT22XXX'],
    ['Tax reserve', 'vat', 'EUR', 'SEB bankas', 'CBVILT2XXXX'],
    ['Deposit', 'savings', 'EUR', 'Swedbank', 'HABALT22XXX'],
    ['Fuel and travel cards', 'card', 'EUR', 'SEB bankas', 'CBVILT2XXXX'],
  ],
  taxes: [
    ['PVM21', 'standard', 21, '2009-09-01'],
    ['PVM9', 'reduced', 9, '2009-01-01'],
    ['PVM5', 'reduced', 5, '2009-01-01'],
    ['PVM0', 'zero', 0, '2004-05-01'],
    ['NE', 'exempt', 0, '2004-05-01'],
    ['96', 'reverse_charge', 0, '2004-05-01'],
    ['PVM19', 'standard', 19, '2009-01-01', '2009-08-31'],
  ],
}

export const organizations: readonly Organization[] = [aurora, borealis]
