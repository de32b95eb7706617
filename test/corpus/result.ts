/** What compiling and linting one document came to: plain JSON, sent from a child process to the run. */
import type { Finding } from '../../src/doctor/finding.ts'

export interface Result {
  /** Why no tool came of it, in the compiler's words; a document without a GET is no failure. */
  refused?: string
  /** GET operations, counted here and not by the compiler. */
  gets: number
  tools: number
  /** Parameters of the GETs, counted here, and how many of them are arguments of tools. */
  documented: number
  offered: number
  skipped: { operation: string; reason: string }[]
  /** Tools of which a call made from their own schema cannot be sent, and why. */
  stuck: string[]
  findings: Finding[]
  /** Of each tool, by o200k_base. */
  tokens: number[]
  /** Parsing and compiling, in milliseconds. */
  ms: number
  /** The highest resident size of the process until then, in MB. */
  mb: number
}

/** A document that ended its process, ran out of time or memory, or met a bug. */
export interface Crash {
  crash: string
}
