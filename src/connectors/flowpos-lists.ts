/** The lists of `/v1/data`, which are alike but for what they hold. */
import type { NamespaceDeclaration } from '../connector/declaration.ts'

export const wholeLists: NamespaceDeclaration = {
  title: 'Whole lists',
  description: 'Whole lists in one answer, as JSON, CSV or HTML.',
  scope: 'pos:read',
  tools: {
    list_products: {
      operation: 'dataListProducts',
      title: 'All products',
      description:
        'Every product in one answer: SKU, barcode, department, price, tax rate and whether it is for sale. For an export or ' +
        'a table of all; products.list searches and pages instead.',
    },
    list_departments: {
      operation: 'dataListDepartments',
      title: 'All departments',
      description:
        'Every department with its group and tax rate in percent. Its name is the category that products carry.',
    },
    list_department_groups: {
      operation: 'dataListDepartmentGroups',
      title: 'All department groups',
      description: 'Every group of departments by id and name, such as drinks, food or retail.',
    },
    list_clients: {
      operation: 'dataListClients',
      title: 'All clients',
      description:
        'Every client in one answer: name, kind, email address, phone number and city. For an export or a count; clients.list ' +
        'searches and pages instead.',
    },
    list_variations: {
      operation: 'dataListVariations',
      title: 'All variations',
      description: 'Every variation that a product can be ordered with, and what it adds to the price.',
    },
    list_delivery_men: {
      operation: 'dataListDeliveryMen',
      title: 'All couriers',
      description: 'Every courier with phone number, and whether they still deliver.',
    },
    list_payments: {
      operation: 'dataListPayments',
      title: 'All payment methods',
      description:
        'Every payment method (cash, card, voucher, on account) by the id that orders and summaries name.',
    },
    list_cashboxes: {
      operation: 'dataListCashboxes',
      title: 'All cashboxes',
      description: 'Every cashbox (till) with the location where it stands and its float.',
    },
    list_delivery_zones: {
      operation: 'dataListDeliveryZones',
      title: 'All delivery zones',
      description: 'Every delivery zone with its postal codes, fee and smallest order.',
    },
    list_relay_points: {
      operation: 'dataListRelayPoints',
      title: 'All relay points',
      description: 'Every relay point, where deliveries wait to be fetched, with its address.',
    },
    list_discounts: {
      operation: 'dataListDiscounts',
      title: 'All discounts',
      description: 'Every discount with its percentage and the days for which it is valid.',
    },
    list_users: {
      operation: 'dataListUsers',
      title: 'All users',
      description: 'Everyone who sells: name, role, location and whether they still work there.',
    },
    list_tables: {
      operation: 'dataListTables',
      title: 'All tables',
      description: 'Every table with its location and number of seats; orders name it by its id.',
    },
  },
}
