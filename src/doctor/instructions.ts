/** What words look like that are meant to steer a model and not to describe a tool: few patterns, each seldom wrong. */
import { isInvisible, visibleEscape } from '../tools/invisible.ts'

export type WordRule = 'words-instruct' | 'words-tags' | 'words-invisible' | 'words-fetch' | 'words-encoded'

/** A tool by what it is called: what else must be called first is a sentence of API documents too. */
const A_TOOL = String.raw`(?:(?:this|that|the|my|our)(?: [\w.-]{1,64})? (?:tool|function)|[${'`'}'"]?[a-zA-Z]\w{0,62}[._]\w{1,62}[${'`'}'"]?|any (?:other )?tool)`
const CALL = '(?:call|use|invoke|run|execute)'

/** Each gap is bounded, so that no text takes longer than its length. */
const PATTERNS: [rule: WordRule, pattern: RegExp][] = [
  ['words-instruct', /\b(?:ignore|disregard|forget)\s(?:(?:all|any|the|your|of|my|every)\s){0,4}(?:previous|prior|above|earlier|preceding|system)\s(?:system\s)?(?:instructions?|prompts?|directions|guidelines)\b/i],
  ['words-instruct', new RegExp(String.raw`\b(?:always|must|should|first|have to|need to)\s(?:always\s|first\s)?${CALL}\s${A_TOOL}\s(?:first|before|prior to|instead|immediately|whenever|every time)\b`, 'i')],
  ['words-instruct', new RegExp(String.raw`(?:^|[.!:;\n]\s?)(?:please\s)?(?:first,?\s)?${CALL}\s${A_TOOL}\s(?:first|before|instead of|immediately|whenever|every time)\b`, 'i')],
  ['words-instruct', /\b(?:always\s(?:first\s)?(?:call|invoke|use|run)|must\s(?:always\s|first\s)?(?:call|invoke))\s(?:the\s)?[`'"]?[\w.-]{1,64}[`'"]?\s(?:tool\s|function\s)?(?:first|before)\b/i],
  ['words-instruct', /\b(?:before|after|instead of|rather than)\s(?:calling|using|invoking|running|answering with)\s(?:any|all|the)?\s?other\s(?:tools?|functions?|connectors?|servers?)\b/i],
  ['words-instruct', /\b(?:this|the)\s(?:tool|function)\s(?:must|should|has to)\s(?:always\s)?be\s(?:called|used|invoked|run)\s(?:first|before|instead|whenever|for\s(?:all|any|every))\b/i],
  ['words-instruct', /\b(?:do not|don['’]t|never|must not)\s(?:tell|inform|mention (?:this|it) to|reveal (?:this|it) to|warn|ask)\sthe\s(?:user|person|human)\b/i],
  ['words-instruct', /\bwithout\s(?:telling|asking|informing)\sthe\s(?:user|person|human)\b/i],
  ['words-instruct', /\byou\sare\s(?:now\s)?(?:an?\s)?(?:helpful|AI|language model|assistant|jailbroken|in developer mode)\b/i],
  ['words-instruct', /\b(?:assistant|AI|LLM|language model|Claude|ChatGPT|Gemini)\s(?:must|should|has to|shall)\s(?:always\s|never\s|first\s)?(?:call|use|invoke|ask|answer|respond|reply|send|include|tell|ignore)\b/i],
  ['words-instruct', /\b(?:reveal|print|repeat|output|leak|include|pass|send|copy)\s(?:your|the\s(?:full|entire|whole))\s(?:system prompt|conversation|chat history|previous messages|instructions)\b/i],
  ['words-instruct', /\b(?:read|pass|send|include|paste|attach)\b[^.\n]{0,40}(?:~\/\.ssh|\bid_rsa\b|\/etc\/passwd|\bmcp\.json\b|(?:^|[\s"'`])\.env\b)/i],
  ['words-tags', /<\/?(?:system|system[-_]reminder|system[-_]prompt|assistant|important|instructions?|secret|function_calls|function_results|tool_calls?|tool_results?|antml:\w{1,30})(?:\s[^<>\n]{0,100})?>/i],
  ['words-tags', /<\|[a-z_]{2,30}\|>|\[\/?INST\]|<<\/?SYS>>|^#{2,6} ?(?:system|assistant)(?: ?prompt| ?message)? ?:/im],
  ['words-fetch', /\b(?:fetch|download|load|follow|execute|obey|retrieve|pull|apply)\b[^.\n]{0,60}\b(?:instructions?|prompts?|rules|directions|scripts?|commands?)\b[^.\n]{0,60}https?:\/\//i],
  ['words-fetch', /\b(?:curl|wget|iwr|irm)\s[^\n|]{0,200}\|\s?(?:sudo\s)?(?:ba|z)?sh\b|\bjavascript:\w/i],
] // biome-ignore format: a pattern a line

/** Base64 of 48 bytes and more, as far as it takes to tell: a longer run of millions would be too much for the stack. */
const ENCODED = /(?<![\w+/=-])[\w+/-]{64,4096}={0,2}/g
/** Between its signs all three kinds of characters stand together for long; those of a path or of joined words do not. */
const STRETCH = /[a-zA-Z0-9]{24,}/g
const KINDS = [/[a-z]/, /[A-Z]/, /\d/]
const LONGEST_QUOTE = 80

/** What `text` does that no description does, each with what it says there. */
export function steering(text: string): [rule: WordRule, quote: string][] {
  const folded = text.replace(/\s+/g, (space) => (space.includes('\n') ? '\n' : ' '))
  const found = PATTERNS.flatMap(([rule, pattern]): [WordRule, string][] => {
    const hit = pattern.exec(folded)
    return hit === null ? [] : [[rule, quoted(hit[0])]]
  })
  const encoded = (text.match(ENCODED) ?? []).find((run) =>
    (run.match(STRETCH) ?? []).some((stretch) => KINDS.every((kind) => kind.test(stretch))),
  )
  const hidden = hiddenIn(text)
  return [
    ...found,
    ...(encoded === undefined ? [] : [['words-encoded', quoted(encoded)] as [WordRule, string]]),
    ...(hidden === undefined ? [] : [['words-invisible', hidden] as [WordRule, string]]),
  ]
}

/** Joiners and selectors shape emoji and the scripts that are written with them; anywhere else they hide something. */
const JOINERS = [0xfe0f, 0x200c, 0x200d]
const JOINED =
  /[\p{Extended_Pictographic}\p{Emoji_Modifier}\p{Regional_Indicator}\p{M}\p{Script=Arabic}0-9#*]$/u

/** Most of them in a row: an emoji's selector, and the joiner to the next. */
const MOST_JOINERS = 2

/** The first character that cannot be seen, as an escape, and how many there are. */
function hiddenIn(text: string): string | undefined {
  const hidden: number[] = []
  let before = ''
  let joiners = 0
  for (const char of text) {
    const code = char.codePointAt(0)!
    const joins = JOINERS.includes(code) && joiners < MOST_JOINERS && JOINED.test(before)
    joiners = joins ? joiners + 1 : 0
    if (joins) continue
    if (isInvisible(code) && !/[\n\r\t]/.test(char)) hidden.push(code)
    before = char
  }
  if (hidden.length === 0) return undefined
  const more = hidden.length === 1 ? '' : `, and ${hidden.length - 1} more that cannot be seen`
  return `${visibleEscape(hidden[0]!)}${more}`
}

function quoted(text: string): string {
  const short = text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE - 1)}…` : text
  return JSON.stringify(short.toWellFormed())
}
