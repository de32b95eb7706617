/** The call that an answer is shaped for, and what it is shaped to. */
import type { Arguments, Tool } from '../tools/tool.ts'

/** The call that is answered. */
export interface ToolCall {
  tool: Tool
  /** Checked, with the defaults. */
  args: Arguments
  /** The call of this tool with other arguments, as this caller makes it. */
  again: (args: Arguments) => { tool: string; arguments: Arguments }
  /** Most characters of the answer's text. */
  budget: number
  /** Path and query that the upstream was asked. */
  target: string
  header: (name: string) => string | undefined
}

/** Text for a model: JSON or plain, as content or as what stands beside it. */
export interface Shaped {
  mimeType: string
  text: string
}
