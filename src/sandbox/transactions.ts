/** Draws what moved on the bank accounts, in the order in which the banks booked it. */
import { dateOf, moment, today } from './calendar.ts'
import { drawIban } from './countries.ts'
import { type Draw, link, times } from './draw.ts'
import type { BankAccount, Transaction } from './entries.ts'
import { Digits, Money } from './json.ts'
import type { Movement } from './movements.ts'

/** The accounts that the organization lists, and one that was closed and never used here. */
export function drawBankAccounts(draw: Draw): BankAccount[] {
  const { accounts, country } = draw.organization
  const closed = ['Old account', 'current', 'EUR', 'Nordea', 'NDEAFIHHXXX'] as const
  const rows = [...accounts, closed]
  return times(rows.length, (count) => {
    const [name, kind, currency, bankName, bic] = rows[count - 1]!
    return {
      id: draw.id('acc', count),
      name,
      bankName,
      kind,
      iban: drawIban(draw.chance, country),
      bic,
      currency,
      balance: new Money(0),
      availableBalance: new Money(0),
      balanceAsOf: moment(today, 360),
      isDefault: kind === 'current' && count < rows.length,
      active: count < rows.length,
      createdAt: moment(today - 1200 + count, 540),
    }
  })
}

/** Books every movement, the oldest first, and leaves each account with the balance that results. */
export function bookMovements(draw: Draw, accounts: BankAccount[], movements: Movement[]): Transaction[] {
  movements.sort((a, b) => a.day - b.day)
  const balances = openingBalances(draw, accounts, movements)
  return movements.map((movement, index) => {
    const transaction = book(draw, draw.id('txn', index + 1), movement, balances)
    movement.invoice?.transactionIds.push(transaction.id)
    return transaction
  })
}

/** Opens each account with enough that no movement overdraws it. */
function openingBalances(
  { chance }: Draw,
  accounts: BankAccount[],
  movements: Movement[],
): Map<BankAccount, number> {
  const running = new Map<BankAccount, number>()
  const lowest = new Map<BankAccount, number>()
  for (const { account, cents } of movements) {
    const balance = (running.get(account) ?? 0) + cents
    running.set(account, balance)
    lowest.set(account, Math.min(balance, lowest.get(account) ?? 0))
  }
  return new Map(
    accounts.map((account) => [
      account,
      account.active ? chance.int(900_000, 4_000_000) - (lowest.get(account) ?? 0) : 0,
    ]),
  )
}

function book(draw: Draw, id: string, movement: Movement, balances: Map<BankAccount, number>): Transaction {
  const { account, cents, party, costGroup, invoice } = movement
  const pending = movement.day >= today
  const after = balances.get(account)! + cents
  balances.set(account, after)
  // Pending movements come last, so what is available starts from the booked balance.
  account.availableBalance = new Money(pending ? account.availableBalance.cents + Math.min(cents, 0) : after)
  if (!pending) account.balance = new Money(after)
  const date = dateOf(movement.day)
  return {
    id,
    bankAccountId: account.id,
    status: pending ? 'pending' : 'booked',
    bookedOn: date,
    valueOn: pending ? null : date,
    direction: cents < 0 ? 'outgoing' : 'incoming',
    amount: new Money(Math.abs(cents)),
    currency: account.currency,
    balanceAfter: new Money(after),
    description: movement.description,
    bankReference: new Digits(draw.chance.digits(19)),
    counterpartyId: party?.id ?? null,
    counterparty: party ? link(party) : null,
    costGroupId: costGroup?.id ?? null,
    costGroup: costGroup ? link(costGroup) : null,
    invoiceId: invoice?.id ?? null,
    projectId: invoice?.projectId ?? null,
    attachmentIds: [],
    createdAt: moment(Math.min(movement.day, today), 360),
  }
}
