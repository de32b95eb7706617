/** Operations that nobody named get names that say what they are, the same for the same document, and that every client takes. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { deriveNames } from '../../src/connector/derived-names.ts'
import { folded } from '../../src/connector/names.ts'
import { openDocument } from '../../src/document/document.ts'
import type { JsonObject } from '../../src/json.ts'
import { documentOf } from '../documents.ts'

type Row = [id: string | undefined, tag: string | undefined, path: string, name: string]

const getOf = (id: string | undefined, tags: readonly string[]): JsonObject => ({
  get: { ...(id !== undefined && { operationId: id }), tags: [...tags] },
})

/** Names by path. */
function namesOf(paths: JsonObject): Record<string, string> {
  const named = [...deriveNames(openDocument(documentOf(paths)).operations)]
  return Object.fromEntries(named.map(([{ key }, { namespace, action }]) => [key, `${namespace}.${action}`]))
}

function named(path: string, id: string | undefined, tags: readonly string[]): string {
  return namesOf({ [path]: getOf(id, tags) })[path]!
}

describe('an id', () => {
  const rows: Row[] = [
    ['listInvoices', 'Invoices', '/invoices', 'invoices.list'],
    ['getInvoice', 'Invoices', '/invoices/{id}', 'invoices.get'],
    ['getInvoiceById', 'Invoices', '/invoices/{id}', 'invoices.get'],
    ['list_invoices', 'Invoices', '/invoices', 'invoices.list'],
    ['invoices.list', 'Invoices', '/invoices', 'invoices.list'],
    ['invoices/list-overdue', 'invoices', '/invoices/overdue', 'invoices.list_overdue'],
    ['List all invoices', 'Invoices', '/invoices', 'invoices.list'],
    ['List an invoice’s lines', 'Invoices', '/x', 'invoices.list_lines'],
    ["List the invoice's lines", 'Invoices', '/x', 'invoices.list_lines'],
    ['invoices', 'Invoices', '/invoices', 'invoices.list'],
    ['countInvoices', 'Invoices', '/invoices', 'invoices.count'],
    ['getAll', 'Invoices', '/invoices', 'invoices.list'],
    ['get', 'Users', '/users/{id}', 'users.get'],
    ['get', 'Users', '/users/{id}/pets', 'users.list'],
    ['show', 'Users', '/users', 'users.list'],
    ['search-users-by-email-or-name', 'Users', '/users', 'users.search_by_email_or_name'],
    ['getCompanies', 'Company', '/x/{id}', 'company.get'],
    ['getAddress', 'Addresses', '/x/{id}', 'addresses.get_address'],
  ] // biome-ignore format: one row a line
  it.each(rows)('%s of %s at %s', (id, tag, path, name) => {
    expect(named(path, id, [tag!])).toBe(name)
  })

  const generated: Row[] = [
    ['InvoiceController_findAll', 'Invoices', '/invoices', 'invoices.list'],
    ['InvoicesController.getOne', 'Invoices', '/invoices/{id}', 'invoices.get'],
    ['GET_/invoices/{id}', 'Invoices', '/invoices/{id}', 'invoices.get'],
    ['get_api_v1_invoices_id_lines', 'Invoices', '/api/v1/invoices/{id}/lines', 'invoices.get_id_lines'],
    ['api_v1_invoices_get', 'Invoices', '/api/v1/invoices', 'invoices.list'],
    ['invoicesGet', 'Invoices', '/invoices', 'invoices.list'],
    ['read_items_items__item_id__get', 'items', '/items/{item_id}', 'items.read_id_get'],
    ['123', 'Users', '/users', 'users.list'],
  ] // biome-ignore format: one row a line
  it.each(generated)('that a program made: %s of %s at %s', (id, tag, path, name) => {
    expect(named(path, id, [tag!])).toBe(name)
  })

  const spelled: Row[] = [
    ['getHTTPSProxy', 'Net', '/x', 'net.get_https_proxy'],
    ['listAPIKeys', 'Keys', '/x', 'keys.list'],
    ['getÜbersicht', 'Konto', '/x', 'konto.get_uebersicht'],
    ['2faStatus', 'Users', '/x', 'users.n2fa_status'],
    ['取得', 'Users', '/users', 'users.list'],
    ['', 'Users', '/users', 'users.list'],
    ['the', 'Users', '/users', 'users.list'],
    ['x'.repeat(100), 'Invoices', '/x', `invoices.${'x'.repeat(30)}`],
    ['getAllOfTheInvoicesThatAreOverdueInThisPeriodForACustomer', 'Invoices', '/x', 'invoices.get_overdue_period_customer'],
    ['getOverdueAndDisputedAmountsOfEverySingleCustomer', 'Invoices', '/x', 'invoices.get_every_single_customer'],
  ] // biome-ignore format: one row a line
  it.each(spelled)('in other letters, or too long: %s of %s at %s', (id, tag, path, name) => {
    expect(named(path, id, [tag!])).toBe(name)
  })
})

describe('a path without an id', () => {
  it.each([
    ['/invoices', 'invoices.list'],
    ['/invoices/', 'invoices.list'],
    ['/invoices?status=open', 'invoices.list'],
    ['/invoices.json', 'invoices.list'],
    ['/api/v3/rest/invoices', 'invoices.list'],
    ['/{tenant}/invoices', 'invoices.list'],
    ['/bank accounts', 'bank_accounts.list'],
    ['/bank%20accounts/a%2Fb', 'bank_accounts.get_b'],
    ['/bankAccounts', 'bank_accounts.list'],
    ['/companies', 'companies.list'],
    ['/addresses', 'addresses.list'],
    ['/news', 'news.list'],
    ['/status', 'status.get'],
    ['/analysis', 'analysis.get'],
    ['/address', 'address.get'],
    ['/invoices/{id}', 'invoices.get'],
    ['/invoices/{id}/', 'invoices.get'],
    ['/invoices/{id}.pdf', 'invoices.get'],
    ['/invoices/{id}/lines', 'invoices.list_lines'],
    ['/invoices/{id}/lines/{line}', 'invoices.get_lines'],
    ['/companies/{id}/address', 'companies.get_address'],
    ['/invoices/search/by-customer', 'invoices.get_search_by_customer'],
    ['/a/b/c/d/e/f', 'a.get_b_c_d_e_f'],
    ['/', 'api.get'],
    ['/{id}', 'api.get'],
    ['/v1', 'api.get'],
    ['/宠物', 'api.get'],
  ])('%s', (path, name) => {
    expect(named(path, undefined, [])).toBe(name)
  })
})

describe('a namespace', () => {
  it.each([
    ['no tag', [], 'invoices'],
    ['a tag', ['Bank accounts'], 'bank_accounts'],
    ['several tags, of which the first counts', ['Bank accounts', 'Users'], 'bank_accounts'],
    ['a tag in camel case', ['BankAccounts'], 'bank_accounts'],
    ['a tag with a number', ['1. Users'], 'users'],
    ['a tag with a version', ['users-v2'], 'users'],
    ['a tag that begins with a digit', ['2nd'], 'n2nd'],
    ['a tag with signs', ['Repos & Forks'], 'repos_forks'],
    ['a tag with umlauts', ['Größe / Maß'], 'groesse_mass'],
    ['a tag with accents', ['Catégorie'], 'categorie'],
    ['a tag in another script', ['宠物'], 'invoices'],
    ['a tag that says nothing', ['API v1'], 'invoices'],
    ['an empty tag', [''], 'invoices'],
    ['a long tag', ['x'.repeat(100)], 'x'.repeat(22)],
    ['a tag of many words', ['User accounts and permissions of the whole organization'], 'user_organization'],
    ['a tag of small words alone', ['of the and all is that this given'], 'n'],
    ['a tag of 22 characters', ['abcdefghijk-lmnopqrstu'], 'abcdefghijk_lmnopqrstu'],
    ['a tag of 23 characters', ['abcdefghijk-lmnopqrstuv'], 'abcdefghijk'],
  ] as [string, string[], string][])('of %s', (_, tags, namespace) => {
    expect(named('/invoices', 'countThings', tags)).toMatch(new RegExp(`^${namespace}\\.`))
  }) // biome-ignore format: one row a line
})

describe('where names meet', () => {
  const rows: [string, JsonObject, Record<string, string>][] = [
    ['the paths name them', { '/cats/list': getOf('list', ['x']), '/dogs/list': getOf('list', ['x']) }, { '/cats/list': 'x.get_cats_list', '/dogs/list': 'x.get_dogs_list' }],
    ['all of them, and no other', { '/cats': getOf('list', ['x']), '/dogs': getOf('list', ['x']), '/rats': getOf('count', ['x']) }, { '/cats': 'x.list_cats', '/dogs': 'x.list_dogs', '/rats': 'x.count' }],
    ['and where the paths meet, what they ask for', { '/cats/{x}': getOf('list', ['x']), '/cats/{catId}/': getOf('list', ['x']), '/cats/{y}/mice/{id}': getOf('list', ['x']), '/cats/{z}/mice/{id}': getOf('list', ['x']) }, { '/cats/{x}': 'x.get_cats_by_x', '/cats/{catId}/': 'x.get_cats_by_cat', '/cats/{y}/mice/{id}': 'x.get_cats_mice_by_y_id', '/cats/{z}/mice/{id}': 'x.get_cats_mice_by_z_id' }],
    ['and where they ask for the same, the version of the API', { '/v3/cats/{x}': getOf('list', ['x']), '/v4/cats/{x}': getOf('list', ['x']), '/2026/cats': getOf('list', ['x']) }, { '/v3/cats/{x}': 'x.get_cats_v3', '/v4/cats/{x}': 'x.get_cats_v4', '/2026/cats': 'x.list_cats' }],
    ['and where that is the same too, a hash of them', { '/cats/{x}': getOf('list', ['x']), '/cats/{x}/': getOf('list', ['x']) }, { '/cats/{x}': 'x.get_cats_tjr7sm', '/cats/{x}/': 'x.get_cats_ymlhzv' }],
    ['a name that another has by its id is not given by a path', { '/cats': getOf('list', ['x']), '/dogs': getOf('list', ['x']), '/rats': getOf('listCats', ['x']) }, { '/cats': 'x.list_cats_1csykj', '/dogs': 'x.list_dogs', '/rats': 'x.list_cats' }],
    ['a long one makes room for its hash', { '/abcdefghij/klmnopqrstuvwxyz/abcd/{x}': getOf('list', ['x']), '/abcdefghij/klmnopqrstuvwxyz/abcd/{x}/': getOf('list', ['x']) }, { '/abcdefghij/klmnopqrstuvwxyz/abcd/{x}': 'x.get_abcdefghij_klmnopqrstuvwxyz_nmqks6', '/abcdefghij/klmnopqrstuvwxyz/abcd/{x}/': 'x.get_abcdefghij_klmnopqrstuvwxyz_tjpq6z' }],
    ['and does not end in two underscores', { '/abcdefghij/klmnopqrstuvwxy/abcde/{x}': getOf('list', ['x']), '/abcdefghij/klmnopqrstuvwxy/abcde/{x}/': getOf('list', ['x']) }, { '/abcdefghij/klmnopqrstuvwxy/abcde/{x}': 'x.get_abcdefghij_klmnopqrstuvwxy_b8mbtd', '/abcdefghij/klmnopqrstuvwxy/abcde/{x}/': 'x.get_abcdefghij_klmnopqrstuvwxy_ihbzh6' }],
    ['dots and underscores are one to clients', { '/cats': getOf('b_c', ['a']), '/dogs': getOf('c', ['a_b']) }, { '/cats': 'a.list_cats', '/dogs': 'a_b.list_dogs' }],
  ] // biome-ignore format: one row a line
  it.each(rows)('%s', (_, paths, names) => {
    expect(namesOf(paths)).toEqual(names)
  })

  it('hashes that meet are made again, for the same one whatever the order', () => {
    const paths = ['/cats/{107929}', '/cats/{677736}'].map((path) => [path, getOf('list', ['x'])] as const)
    const names = namesOf(Object.fromEntries(paths))
    expect(new Set(Object.values(names)).size).toBe(2)
    expect(namesOf(Object.fromEntries(paths.toReversed()))).toEqual(names)
  })
})

const word = fc.constantFrom('list', 'get', 'invoices', 'Invoice', 'of', 'the', 'by', 'id', 'v1', '2fa', 'x_y', 'ß', '宠物', 'a'.repeat(30), 'HTTPKey', '') // biome-ignore format: one list
const words = fc.array(word, { maxLength: 6 })
const segment = fc.oneof(word, fc.constantFrom('{id}', '{a}', '{b}', '{c}.pdf'))
const operation = fc.record({
  path: fc.array(segment, { maxLength: 4 }).map((segments) => `/${segments.join('/')}`),
  id: fc.option(words.chain((parts) => fc.constantFrom('', '_', ' ').map((joint) => parts.join(joint))), { nil: undefined }),
  tags: fc.array(words.map((parts) => parts.join(' ')), { maxLength: 1 }),
}) // biome-ignore format: one member a line

it('names fit every client, are nobody else’s, and stay whatever the order of the paths', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(operation, { selector: ({ path }) => path, maxLength: 12 }).chain((operations) =>
        fc.tuple(fc.constant(operations), fc.shuffledSubarray(operations, { minLength: operations.length })),
      ),
      ([operations, shuffled]) => {
        const [one, other] = [operations, shuffled].map((each) =>
          namesOf(Object.fromEntries(each.map(({ path, id, tags }) => [path, getOf(id, tags)]))),
        )
        expect(one).toEqual(other)
        const names = Object.values(one!)
        for (const name of names) {
          expect(name).toMatch(/^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$/)
          expect(name.length).toBeLessThanOrEqual(40)
        }
        expect(new Set(names.map(folded)).size).toBe(operations.length)
      },
    ),
    { numRuns: 1000 },
  )
}) // biome-ignore format: as it is read
