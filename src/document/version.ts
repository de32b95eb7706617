/** Which version of OpenAPI or Swagger a document is written in. */
import { cut, type Json, type JsonObject, text } from '../json.ts'
import { DocumentError } from './resolve.ts'

export type Version = (typeof VERSIONS)[number]

const VERSIONS = ['2.0', '3.0', '3.1', '3.2'] as const

/** What is no version can be of any length. */
const LONGEST = 60

/** YAML reads an unquoted `2.0` or `3.1` as a number. */
export function versionOf({ openapi, swagger }: JsonObject): Version {
  const stated = openapi ?? swagger
  if (stated === undefined)
    throw new DocumentError('it has neither openapi nor swagger, which name its version')
  const spelled = spell(stated)
  const version = VERSIONS.find((each) => spelled === each || spelled.startsWith(`${each}.`))
  const fits = version !== undefined && (version === '2.0') === (openapi === undefined)
  if (!fits)
    throw new DocumentError(
      `its version is ${cut(JSON.stringify(stated), LONGEST)}; known are ${VERSIONS.join(', ')}`,
    )
  return version
}

function spell(stated: Json): string {
  return typeof stated === 'number' ? stated.toFixed(1) : (text(stated) ?? '')
}
