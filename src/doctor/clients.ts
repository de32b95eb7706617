/** The table of clients: what each makes of a tool's definition, as observed or as its users report. */
import type { Introduction } from '../connector/names.ts'
import type { RuleName } from './rules.ts'

export interface Client {
  name: string
  title: string
  names: Names
  /** What it says of itself where it signs in: a connector may write names by that. */
  signsIn?: Introduction
  /** Rules whose breach costs the tool, the list or every call of it. */
  refuses: RuleName[]
  /** Rules whose breach costs words or convenience. */
  loses: RuleName[]
  /** Keywords that never reach the model; what they say must stand in the words. */
  drops: string[]
}

export interface Names {
  prefix: (server: string) => string
  /** The name as the client rewrites it, before any cut. */
  spelled: (name: string) => string
  /** What the rewritten name must match. */
  characters: RegExp
  /** With the prefix. */
  longest: number
  /** Only the lengths of server and tool are added up; the model is given the tool's name. */
  apart?: true
  /** Shortens instead of refusing. */
  cuts?: (whole: string) => string
  /** `hidden`: of two equal names one cannot be called. `renamed`: both stay. */
  clash: 'hidden' | 'renamed'
}

const same = (name: string) => name
const bare = () => ''
const underscored = (name: string) => name.replace(/[^a-zA-Z0-9_-]/g, '_')
const WORDS = ['description-absent', 'title-absent'] satisfies RuleName[]
/** What the Messages API and OpenAI hold every definition against (2020-12). */
const META_SCHEMA = [
  'root-type',
  'keyword-type',
  'draft-4-bound',
  'type-unknown',
  'tuple',
] satisfies RuleName[]
/** What the model APIs of OpenAI and Google ask of each schema. */
const TYPED = [
  'no-type',
  'boolean-schema',
  'items-absent',
  'list-items-absent',
  'enum-empty',
  'enum-type',
] satisfies RuleName[]
const LIMITS = ['format', 'minimum', 'maximum', 'multipleOf', 'minLength', 'maxLength', 'minItems', 'maxItems', 'pattern', 'default'] // biome-ignore format: one line

export const CLIENTS: Client[] = [
  {
    name: 'claude',
    title: 'claude.ai and Claude Desktop',
    // The prefix that Claude Code gives to connectors of claude.ai; on claude.ai one wrong name costs the list.
    names: { prefix: (server) => `mcp__claude_ai_${server}__`, spelled: same, characters: /^[a-zA-Z0-9_-]+$/, longest: 64, clash: 'hidden' },
    signsIn: { name: 'Claude', redirects: ['https://claude.ai/api/mcp/auth_callback'] },
    refuses: [...META_SCHEMA, 'root-composition', 'argument-key', 'member-key', 'reference', 'enum-empty'],
    loses: [...WORDS, 'no-type', 'read-only-hint', 'default-type', 'default-unlisted', 'required-unknown'],
    drops: [],
  },
  {
    name: 'claude-code',
    title: 'Claude Code',
    names: { prefix: (server) => `mcp__${underscored(server)}__`, spelled: underscored, characters: /^/, longest: 128, clash: 'hidden' },
    signsIn: { name: 'Claude Code', redirects: ['http://localhost:3118/callback'] },
    refuses: [...META_SCHEMA, 'argument-key'],
    loses: [...WORDS, 'no-type', 'description-long', 'root-composition', 'default-type', 'default-unlisted'],
    drops: [],
  },
  {
    name: 'openai',
    title: 'ChatGPT and the OpenAI API',
    names: { prefix: bare, spelled: same, characters: /^[a-zA-Z0-9_-]+$/, longest: 64, clash: 'hidden' },
    signsIn: { redirects: ['https://chatgpt.com/connector_platform_oauth_redirect'] },
    refuses: [...META_SCHEMA, ...TYPED, 'root-composition', 'tokens', 'pattern-refused'],
    loses: [...WORDS, 'read-only-hint', 'hints', 'default-type', 'default-unlisted', 'pattern-invalid'],
    drops: [],
  },
  {
    name: 'codex',
    title: 'Codex',
    names: { prefix: (server) => `mcp__${underscored(server)}__`, spelled: (name) => name.replace(/\W/g, '_'), characters: /^/, longest: Number.POSITIVE_INFINITY, clash: 'renamed' },
    signsIn: { name: 'Codex', redirects: ['http://127.0.0.1:39133/callback'] },
    refuses: ['root-type', 'tuple', 'read-only-hint'],
    loses: [...WORDS, 'no-type', 'root-composition', 'unsaid'],
    drops: [...LIMITS, 'exclusiveMinimum', 'exclusiveMaximum'],
  },
  {
    name: 'cursor',
    title: 'Cursor',
    names: { prefix: same, spelled: same, characters: /^[a-zA-Z0-9_]+$/, longest: 60, apart: true, clash: 'hidden' },
    signsIn: { name: 'Cursor', redirects: ['cursor://anysphere.cursor-mcp/oauth/callback'] },
    refuses: ['root-type', 'type-unknown'],
    loses: [...WORDS, 'read-only-hint'],
    drops: [],
  },
  {
    name: 'vscode',
    title: 'VS Code',
    // It keeps 18 characters of `mcp_<server>_`.
    names: { prefix: (server) => `mcp_${underscored(server).slice(0, 13)}_`, spelled: underscored, characters: /^/, longest: 64, clash: 'hidden' },
    // By its source: one tool that breaks the meta-schema costs the list; for GPT-4 models it drops limits.
    signsIn: { name: 'Visual Studio Code', redirects: ['https://vscode.dev/redirect', 'http://127.0.0.1:33418/'] },
    refuses: ['root-type', 'items-absent', 'type-unknown', 'keyword-type'],
    loses: [...WORDS, 'read-only-hint', 'root-composition', 'unsaid'],
    drops: LIMITS,
  },
  {
    name: 'gemini',
    title: 'Gemini API and Gemini Enterprise',
    names: { prefix: bare, spelled: same, characters: /^[a-zA-Z_][a-zA-Z0-9_.-]*$/, longest: 64, clash: 'hidden' },
    refuses: ['root-type', ...TYPED, 'type-list', 'type-unknown', 'tuple', 'draft-4-bound', 'prefix-items', 'reference', 'composition', 'root-composition', 'required-unknown', 'enum-blank', 'enum-not-text'],
    loses: [...WORDS, 'default-type', 'unsaid'],
    drops: ['exclusiveMinimum', 'exclusiveMaximum', 'multipleOf', 'const'],
  },
  {
    name: 'gemini-cli',
    title: 'Gemini CLI',
    names: { prefix: (server) => `mcp_${server}_`, spelled: same, characters: /^/, longest: 63, cuts: (whole) => `${whole.slice(0, 30)}...${whole.slice(-30)}`, clash: 'hidden' },
    signsIn: { name: 'Gemini CLI MCP Client', redirects: ['http://localhost:42181/oauth/callback'] },
    refuses: ['root-type', 'boolean-argument', 'output-root', 'required-unknown'],
    loses: [...WORDS, 'pattern-invalid'],
    drops: [],
  },
  {
    name: 'sdk-1',
    title: 'MCP TypeScript SDK v1, and what is built on it',
    names: { prefix: bare, spelled: same, characters: /^/, longest: 128, clash: 'hidden' },
    refuses: ['root-type', 'boolean-argument', 'output-root'],
    loses: WORDS,
    drops: [],
  },
  {
    name: 'sdk-2',
    title: 'MCP TypeScript SDK v2, and what is built on it',
    names: { prefix: bare, spelled: same, characters: /^/, longest: 128, clash: 'hidden' },
    refuses: ['root-type', 'output-root'],
    loses: WORDS,
    drops: [],
  },
] // biome-ignore format: a list a line
