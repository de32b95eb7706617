/** Draws the companies that an organization trades with, and which of them are suppliers. */
import { firstDay, moment } from './calendar.ts'
import { countryOf, drawAddress, drawIban } from './countries.ts'
import { type Draw, link, times } from './draw.ts'
import type { CostGroup, Counterparty, Supplier } from './entities.ts'

const clients = 84
const both = 14
const parties = 150

/** 84 clients, 14 that both buy and sell, and 52 contractors. */
export function drawCounterparties(draw: Draw): Counterparty[] {
  const taken = new Set<string>()
  return times(parties, (count) => drawCounterparty(draw, count, taken))
}

function drawCounterparty(draw: Draw, count: number, taken: Set<string>): Counterparty {
  const { chance, organization } = draw
  const country = chance.pick(organization.markets)
  const { currency, vatDigits, dial } = countryOf(country)
  const name = drawName(draw, country, taken)
  const host = `${plain(name).split(' ').slice(0, 2).join('-')}.example`
  const person = chance.pick(
    organization.people.map((own) => `${chance.pick(contactNames)} ${own.split(' ')[1]}`),
  )
  const created = firstDay - chance.int(1, 900)
  return {
    id: draw.id('cp', count),
    name,
    kind: count <= clients ? 'client' : count <= clients + both ? 'both' : 'contractor',
    vatId: chance.odds(0.94) ? `${country}${chance.digits(vatDigits)}` : null,
    email: chance.odds(0.96) ? `billing@${host}` : null,
    phone: chance.odds(0.8) ? `${dial} ${chance.digits(7)}` : null,
    address: drawAddress(chance, country),
    currency: chance.odds(0.05) ? 'USD' : organization.currencies.includes(currency) ? currency : 'EUR',
    paymentTermDays: chance.pick([7, 14, 14, 14, 30, 30, 60]),
    iban: count > clients || chance.odds(0.3) ? drawIban(chance, country) : null,
    active: chance.odds(0.93),
    createdAt: moment(created, chance.int(480, 1020)),
    updatedAt: moment(created + chance.int(0, 600), chance.int(480, 1020)),
    registrationNumber: chance.odds(0.7) ? chance.digits(9) : null,
    contacts: [
      { name: person, role: 'Accounts payable', email: `${plain(person).replace(' ', '.')}@${host}` },
    ],
    openBalances: [],
    notes: chance.odds(0.1) ? 'Wants a purchase order number on every invoice.' : null,
  }
}

const contactNames = ['Anna', 'Karl', 'Ingrid', 'Marek', 'Eva', 'Oskar', 'Lena', 'Tomas']

/** A name that no other company of the organization has. */
function drawName(draw: Draw, country: string, taken: Set<string>): string {
  const { stems, form } = countryOf(country)
  for (;;) {
    const name = `${draw.chance.pick(stems)} ${draw.chance.pick(draw.organization.trades)} ${form}`
    if (!taken.has(name)) {
      taken.add(name)
      return name
    }
  }
}

/** Lower case ASCII, for addresses: letters lose their marks. */
function plain(name: string): string {
  const unmarked = name.normalize('NFD').replace(/[\u0300-\u036f]/g, '')
  return unmarked
    .toLowerCase()
    .replaceAll('ł', 'l')
    .replaceAll('ø', 'o')
    .replace(/[^a-z ]/g, '')
}

const suppliers = 60

/** Codes of the cost groups that suppliers are booked to. */
const bought = [
  '401-02',
  '402-01',
  '402-02',
  '403-01',
  '403-02',
  '404-02',
  '501-01',
  '501-02',
  '501-03',
  '801-01',
]

/** The first 60 of the companies that sell to the organization. */
export function drawSuppliers(draw: Draw, companies: Counterparty[], costGroups: CostGroup[]): Supplier[] {
  const choice = costGroups.filter((group) => bought.includes(group.code))
  const sellers = companies.filter((company) => company.kind !== 'client').slice(0, suppliers)
  return sellers.map(
    ({ id, name, vatId, address, currency, paymentTermDays, iban, active, createdAt }, index) => {
      const group = choice[index % choice.length]!
      const own = { id: draw.id('sup', index + 1), counterpartyId: id, name, vatId, address, currency }
      return {
        ...own,
        paymentTermDays,
        iban,
        costGroupId: group.id,
        costGroup: link(group),
        active,
        createdAt,
      }
    },
  )
}
