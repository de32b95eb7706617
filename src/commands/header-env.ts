/** `--header-env NAME=ENV`: headers for the upstream whose values stay in the environment, out of shells' histories and process lists. */
import { isFraming } from '../connector/parameters.ts'
import { StartError } from '../errors.ts'
import { HEADER_NAME, isHeaderValue } from '../settings.ts'

/** Values by header name, those in `already` among them. Throws StartError, which names variables and never shows a value. */
export function readHeaders(
  flags: readonly string[],
  env: Record<string, string | undefined>,
  already: Record<string, string> = {},
): Record<string, string> {
  const headers = { ...already }
  const faults = Object.keys(already).filter(isFraming).map(framingFault)
  for (const flag of flags) {
    const [, name = '', variable = ''] = /^([^=]*)=(.*)$/s.exec(flag) ?? []
    const fault = flagFault(name, variable, env) ?? repeated(name, headers)
    if (fault === undefined) headers[name] = env[variable]!
    else faults.push(fault)
  }
  if (faults.length > 0) throw new StartError('--header-env cannot be used', faults)
  return headers
}

/** The environment variable that a flag names. */
export function variableOf(flag: string): string {
  return flag.slice(flag.indexOf('=') + 1)
}

/** What is no name may be a secret that was pasted there, so it is not repeated. */
function flagFault(
  name: string,
  variable: string,
  env: Record<string, string | undefined>,
): string | undefined {
  if (!HEADER_NAME.test(name)) return 'write NAME=ENV, such as X-API-Key=SHOP_KEY'
  if (isFraming(name)) return framingFault(name)
  if (!/^[A-Za-z_]\w*$/.test(variable))
    return `${name}: after = comes the name of an environment variable, and not the value itself`
  const value = env[variable]
  if (value === undefined) return `${name}: the environment variable ${variable} is not set`
  if (value === '') return `${name}: the environment variable ${variable} is empty`
  if (!isHeaderValue(value))
    return `${name}: ${variable} holds a line break, space around it, or what is not ASCII`
  return undefined
}

function framingFault(name: string): string {
  return `${name} says where a message goes or ends, and cannot carry a credential`
}

function repeated(name: string, headers: Record<string, string>): string | undefined {
  const twice = Object.keys(headers).some((each) => each.toLowerCase() === name.toLowerCase())
  return twice ? `${name} is given twice, here or in LECTERN_UPSTREAM_HEADERS` : undefined
}
