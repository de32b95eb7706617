/** What people pick to ask FlowPOS: the intents of its own assistant, each naming the tools and how to answer. */
import type { PromptDeclaration } from '../connector/declaration.ts'

/** The same rules of telling for all of them. */
const TELLING =
  'Name the currency beside every amount, and keep amounts to the two decimals that they have. Percentages of change are yours ' +
  'to compute, to one decimal; every other figure is to be taken as it is, not estimated or added up from rows. A comparison ' +
  'with nothing (zero orders) has no percentage: say so instead. Cite records by name with their id in brackets, such as ' +
  'Flat white, small (prd_000001). If a call fails, say which, and answer from the rest.'

export const flowposPrompts: Record<string, PromptDeclaration> = {
  summarize_day: {
    title: 'Sum up a day',
    description: 'How one business day went, beside the same weekday a week before.',
    arguments: { date: { description: 'The day: YYYY-MM-DD, or today or yesterday', required: true } },
    text: `Sum up this business day: {date}. Write it as YYYY-MM-DD first where it is said in words; days are in UTC.

1. Call insights.day with that date.
2. Where it has openOrders above 0, call orders.list with from and to on that date and status open, and name those orders.

Answer in at most 150 words and one table. First sentence: net sales, orders and average ticket, each with its change against
weekBefore. The table holds net sales, orders, items sold, average ticket, discounts and refunds: the day, the week before, the
change. Then the busiest hour and the quietest one with sales (hours are UTC), the largest channel and payment method, and the
five best products with quantity and revenue. Say what stands out only where the figures show it; do not guess at causes such
as the weather.

${TELLING}`,
    tools: ['insights.day', 'orders.list'],
  },
  summarize_period: {
    title: 'Sum up a period',
    description: 'How a week, a month or another period went, beside the equally long one before it.',
    arguments: {
      from: { description: 'First day, YYYY-MM-DD', required: true },
      to: { description: 'Last day, YYYY-MM-DD; at most 366 days with the first', required: true },
      groupBy: { description: 'Length of a row: day, week or month', values: ['day', 'week', 'month'] },
    },
    text: `Sum up the business from {from} to {to}.

1. Call insights.period with these days.
2. Call reports.sales with the same days and groupBy "{groupBy}"; where nothing stands between the quotes, take day for up to
   14 days, week for up to 120, and month beyond.
3. Call reports.salesByLocation with the same days.

Answer in at most 250 words and two tables. First sentence: net sales, orders and average ticket, each with its change against
the period before. First table: the rows of reports.sales (from, to, orders, net sales, average ticket); a first or last row
that is short is marked as such and not compared. Second table: locations with net sales and share. Then best and weakest day,
channels, the five best products, new clients, and refunds as a share of gross sales. Net sales hold the tax; say so once.

${TELLING}`,
    tools: ['insights.period', 'reports.sales', 'reports.salesByLocation'],
  },
  inventory_health: {
    title: 'Check the stock',
    description: 'What to order again, what does not sell, and how much money is tied up.',
    text: `Check the health of the stock.

1. Call tenants.list, to know the locations by name.
2. Call insights.inventoryHealth without a location.
3. Where toReorder counts more items than it shows, call inventory.list with status out. While an answer has _lectern.next,
   send that call; else go on by offset until total.

Answer in three parts. To order now: what is out or has at most 7 daysLeft, by location, with on hand, reorder point and sold in
30 days; do not invent quantities to order. Does not sell: slowMoving with value and last sale, and the sum that it ties up.
Overview: items by status and the value of all, which is at cost and without tax. daysLeft of null means that nothing sold in
30 days, not that it lasts for ever.

${TELLING}`,
    tools: ['tenants.list', 'insights.inventoryHealth', 'inventory.list'],
  },
  client_health: {
    title: 'Check on a client',
    description: 'Whether a client still comes, how often, and what they like.',
    arguments: {
      clientId: {
        description: 'Id of the client, such as cli_000002; or a name to look for',
        required: true,
      },
    },
    text: `How is this client doing: {clientId}?

1. If that is no id (cli_ and six digits), call clients.list with it as q. With several hits name them and ask which; with none
   say so, and stop.
2. Call insights.clientHealth with the id.
3. Call orders.list with the same clientId and perPage 5, for the latest orders.

Answer in at most 150 words. First sentence: the status, and what it means in days (new: first order within 30 days; active: last
order within 30; at_risk: within 90; lost: longer ago). Then days since the last order against the usual days between orders,
what was spent in the last 90 days against the 90 before, average ticket, favourite products and location, and the latest orders
by number with id and total. Give no email address or phone number unless asked for.

${TELLING}`,
    tools: ['clients.list', 'insights.clientHealth', 'orders.list'],
  },
}
