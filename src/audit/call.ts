/** One request of the audit, and what the upstream may be asked because of it. */
import type { JsonObject } from '../json.ts'
import type { Tool } from '../tools/tool.ts'

export interface Call {
  /** What a violation calls it. */
  label: string
  method: string
  params: JsonObject
  /** Name of the upstream's answer; default a good one. */
  answer?: string
  /** Tools whose operations it may ask; none for what asks nothing. */
  may: readonly Tool[]
  /** The tool that it exercises. */
  tool?: Tool
}
