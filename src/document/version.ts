/** Which version of OpenAPI or Swagger a document is written in. */
import { cut, type Json, type JsonObject, text } from '../json.ts'
import { DocumentError } from './resolve.ts'

export type Version = (typeof VERSIONS)[number]

const VERSIONS = ['2.0', '3.0', '3.1', '3.2'] as const

/** What is no version can be of any length. */
const LONGEST = 60
const NO_VERSION =
  'it has neither openapi nor swagger, which name its version: where it is OpenAPI, add openapi: 3.0.3 at its top'
const ASYNC = 'it is AsyncAPI, which is not read: OpenAPI and Swagger are'

/** YAML reads an unquoted `2.0` or `3.1` as a number. */
export function versionOf({ openapi, swagger, asyncapi }: JsonObject): Version {
  const stated = openapi ?? swagger
  if (stated === undefined) throw new DocumentError(asyncapi === undefined ? NO_VERSION : ASYNC)
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
