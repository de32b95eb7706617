/** `--tool-names`: how names are written for every client. */
import { StartError } from '../errors.ts'

const FORMS = ['dotted', 'underscore'] as const

/** Undefined where the flag is absent. Throws StartError. */
export function toolNames(flag: string | undefined): (typeof FORMS)[number] | undefined {
  const form = FORMS.find((each) => each === flag)
  if (form !== undefined || flag === undefined) return form
  throw new StartError('--tool-names cannot be used', [`it is ${FORMS.join(' or ')}`])
}
