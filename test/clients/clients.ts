/** The clients that are driven, by the names under which `--only` knows them. */
import { claude } from './claude.ts'
import type { Client } from './client.ts'
import { codex } from './codex.ts'
import { gemini } from './gemini.ts'
import { inspector } from './inspector.ts'
import { mcpRemote } from './mcp-remote.ts'
import type { Target } from './row.ts'

export const clients: Record<string, (target: Target) => Client> = {
  claude,
  codex,
  gemini,
  'mcp-remote': mcpRemote,
  inspector,
}
