/** Flowtly's document among GETs of a thousand other things, as a large vendor's would be. */
import { readFileSync } from 'node:fs'

const AREAS = 'billing inventory payroll shipping support travel training fleet energy garden'.split(' ')
const THINGS =
  'batch badge beacon bundle cabinet carrier casing channel clause courier desk diploma engine ferry filter gauge harvest hive ' +
  'island jacket kettle ladder lantern locker magnet marker meadow mirror needle orchard oven paddle palette parcel pebble pillar ' +
  'planet pulley quarry ribbon saddle sensor shelf signal spindle stamp station stool tablet terrace thermostat tractor tunnel ' +
  'turbine valve vessel viaduct wagon walnut wheel'
const NAMES = THINGS.split(' ').flatMap((thing) => AREAS.map((area) => ({ area, thing })))

/** `gets` of them at least. */
export function manyGets(gets = 1200): Record<string, unknown> {
  const document = JSON.parse(readFileSync(new URL('../openapi/flowtly.json', import.meta.url), 'utf8'))
  const others = NAMES.slice(0, Math.ceil(gets / 2)).flatMap(({ area, thing }) => {
    const title = `${area[0]!.toUpperCase()}${area.slice(1)}${thing[0]!.toUpperCase()}${thing.slice(1)}`
    const operation = (words: string, more: object) => ({
      tags: [`${area} ${thing}`],
      operationId: `${words}${title}`,
      summary: `${words[0]!.toUpperCase()}${words.slice(1)} ${thing} of ${area}`,
      responses: {
        200: { description: 'OK', content: { 'application/json': { schema: { type: 'object' } } } },
      },
      ...more,
    })
    const query = (name: string) => ({
      name,
      in: 'query',
      schema: { type: 'string' },
      description: `Only where ${name} is this.`,
    })
    const id = { name: 'id', in: 'path', required: true, schema: { type: 'string' }, description: 'Its id.' }
    return [
      [
        `/v1/${area}/${thing}`,
        { get: operation('list', { parameters: ['state', 'owner', 'since', 'page'].map(query) }) },
      ],
      [`/v1/${area}/${thing}/{id}`, { get: operation('get', { parameters: [id] }) }],
    ]
  })
  return { ...document, paths: { ...document.paths, ...Object.fromEntries(others) } }
}
