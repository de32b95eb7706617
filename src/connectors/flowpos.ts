/** FlowPOS: products, stock, orders, clients and reports of one shop, with the lists that Kash offers as `data_list_*`. */
// Left out: set_active_tenant and set_active_business, since they change what later calls read, and nothing here is kept.
import { defineConnector } from '../connector/declaration.ts'
import { wholeLists } from './flowpos-lists.ts'
import { flowposPrompts } from './flowpos-prompts.ts'

const stretch = { offset: 0, limit: 50 }

export const flowpos = defineConnector({
  name: 'flowpos',
  title: 'FlowPOS',
  description:
    'FlowPOS is the point of sale of one business: what it sells, what is in stock, every order, its clients, and reports on ' +
    'them. Everything here reads; nothing can be changed. Amounts are in the currency of the business and hold the tax; ' +
    'dates are YYYY-MM-DD, and days begin at midnight UTC.',
  access: { type: 'apiKey', prefix: 'fp_mcp_' },
  scopes: {
    'pos:read': 'Products, stock, orders and clients',
    'reports:read': 'Reports on sales',
    'pos:intents': 'Summaries of a day or a period, and the health of stock and clients',
  },
  ready: 'getStatus',
  namespaces: {
    tenants: {
      title: 'Tenants',
      description: 'The business behind the key, and its locations.',
      scope: 'pos:read',
      tools: {
        list: {
          operation: 'listTenants',
          title: 'List tenants',
          aliases: ['list_tenants'],
          description:
            'The business that the key opens, with its currency, and its locations by id: the locationId that filters and ' +
            'reports take is here.',
        },
      },
    },
    products: {
      title: 'Products',
      description: 'What is sold, at which price.',
      scope: 'pos:read',
      defaults: stretch,
      tools: {
        list: {
          operation: 'getProducts',
          title: 'List products',
          aliases: ['get_products'],
          description:
            'Products with SKU, category, price, cost and tax rate. Filter by text, category or whether they are for sale. Finds ' +
            'the productId that other tools take. Pages by offset: total counts all that match.',
        },
        get: {
          operation: 'getProduct',
          title: 'Get a product',
          aliases: ['get_product'],
          resource: true,
          description: 'One product by id, with its variations and what is on hand at each location.',
        },
      },
    },
    inventory: {
      title: 'Inventory',
      description: 'What is in stock, and where.',
      scope: 'pos:read',
      defaults: stretch,
      tools: {
        list: {
          operation: 'getInventory',
          title: 'List stock',
          aliases: ['get_inventory'],
          description:
            'Stock of each product at each location: on hand, reserved, reorder point, value at cost and the day of the last ' +
            'sale. Filter by location, product, category or status (ok, low, out, overstock). Pages by offset.',
        },
      },
    },
    orders: {
      title: 'Orders',
      description: 'Every sale, with its lines and payments.',
      scope: 'pos:read',
      defaults: { page: 1, perPage: 25 },
      tools: {
        list: {
          operation: 'listOrders',
          title: 'List orders',
          aliases: ['list_orders'],
          description:
            'Orders with lines and payments, newest first. Filter by day, location, status, channel (counter, table, pickup, ' +
            'delivery) or client. An order is long: for sums over many of them, reports.sales is one call. A page with fewer ' +
            'than perPage orders is the last one.',
        },
        get: {
          operation: 'getOrder',
          title: 'Get an order',
          aliases: ['get_order'],
          resource: true,
          description:
            'One order by id, with its lines, discounts, tax, tip, payments and what was refunded.',
        },
      },
    },
    clients: {
      title: 'Clients',
      description: 'Clients that the business knows by name.',
      scope: 'pos:read',
      defaults: { page: 1, perPage: 50 },
      tools: {
        list: {
          operation: 'listClients',
          title: 'List clients',
          aliases: ['list_clients'],
          description:
            'Clients with contact details and loyalty points, found by text or kind; it gives the clientId that other tools ' +
            'take. A page with fewer than perPage clients is the last one.',
        },
        get: {
          operation: 'getClient',
          title: 'Get a client',
          aliases: ['get_client'],
          resource: true,
          description: 'One client by id, with number of orders, total spent, and first and last order.',
        },
      },
    },
    reports: {
      title: 'Reports',
      description: 'Sales over time, by product and by location, computed by FlowPOS.',
      scope: 'reports:read',
      tools: {
        sales: {
          operation: 'getSalesReport',
          title: 'Report sales over time',
          aliases: ['get_sales_report'],
          description:
            'Orders, items, gross and net sales, discounts, refunds, tax and average ticket of a period, in total and by day, ' +
            'week or month. Answers how sales developed, or what was sold in a month. At most 366 days.',
        },
        topProducts: {
          operation: 'getTopProducts',
          title: 'Report the best products',
          aliases: ['get_top_products'],
          description:
            'The products that brought in most in a period, with quantity, revenue and share of gross sales in percent.',
        },
        salesByLocation: {
          operation: 'getSalesByLocation',
          title: 'Report sales by location',
          aliases: ['get_sales_by_location'],
          description:
            'Orders, sales, refunds and average ticket of a period for each location, with its share of gross sales.',
        },
      },
    },
    insights: {
      title: 'Insights',
      description: 'A day or a period in short, and how stock and clients are doing.',
      scope: 'pos:intents',
      tools: {
        day: {
          operation: 'getDaySummary',
          title: 'Sum up a day',
          aliases: ['summarize_day'],
          description:
            'One day in short: figures, hours, channels, payment methods and five best products, beside the same weekday a week ' +
            'before. Answers how a day went.',
        },
        period: {
          operation: 'getPeriodSummary',
          title: 'Sum up a period',
          aliases: ['summarize_period'],
          description:
            'A period in short, beside the equally long one before it: figures, best and weakest day, channels, payment methods, ' +
            'five best products and new clients. Answers how a week or a month went, and whether it went better.',
        },
        inventoryHealth: {
          operation: 'getInventoryHealth',
          title: 'Check the health of stock',
          aliases: ['get_inventory_health'],
          description:
            'Stock by status, what to order again with days until it is sold out, and what has not sold for 60 days with its ' +
            'value at cost. Answers what to reorder and where money is tied up.',
        },
        clientHealth: {
          operation: 'getClientHealth',
          title: 'Check the health of a client',
          aliases: ['get_client_health'],
          description:
            'How one client is doing: status (new, active, at_risk, lost), days since the last order, usual days between orders, ' +
            'what was spent in the last 90 days and in those before, favourite products.',
        },
      },
    },
    // Their actions are spelled so that Kash's own names, such as data_list_products, are these tools' underscored form.
    data: wholeLists,
  },
  prompts: flowposPrompts,
})
