/** How an upstream pages, as its document shows by the names of arguments and of members, or by a header `Link`. */
import type { Operation } from '../document/operations.ts'
import type { Resolve } from '../document/resolve.ts'
import { type Json, own } from '../json.ts'
import type { Paging } from '../tools/answering.ts'
import type { Parameter, Tool } from '../tools/tool.ts'
import { shapeOf } from './answer-schema.ts'

/** Names as they are compared: in lower case, letters and digits alone. */
const ARGUMENTS = {
  page: /^(page|pageno|pagenumber|pageindex|p)$/,
  offset: /^(offset|skip|start|startindex|startat|pageoffset|from)$/,
  cursor:
    /^(cursor|after|pagecursor|pageafter|pagetoken|nexttoken|startingafter|continuation|continuationtoken|marker|nextcursor|nextpagetoken)$/,
  size: /^(pagesize|perpage|size|limit|count|maxresults|top|first|pagelimit|maxitems|resultsperpage|itemsperpage|rows)$/,
}
const MEMBERS = {
  next: /^(nextcursor|nextpagetoken|nexttoken|nextpagecursor|continuationtoken|endcursor|nextmarker|cursor|next|after|pagetoken)$/,
  link: /^(next|nextlink|nextpage|nexturl|nextpageurl|nextpageuri|nextrecordsurl|odatanextlink)$/,
  total:
    /^(total|totalcount|totalitems|totalresults|totalrecords|totalelements|totalrows|totalnumber|itemstotal)$/,
  stated: /^(pagesize|perpage|limit|size|itemsperpage)$/,
  more: /^(hasmore|hasnext|hasnextpage|more)$/,
}
/** Objects beside the rows that tell of paging. */
const BESIDE =
  /^(meta|metadata|pagination|paging|page|pageinfo|links|_links|cursor|cursors|responsemetadata)$/

export interface Documented {
  paging?: Paging
  total?: string[]
}

export function documentedPaging(
  tool: Tool,
  { answer, answerHeaders }: Operation,
  resolve: Resolve,
): Documented {
  const told = memberPaths(answer === undefined ? [] : [answer], resolve)
  const total = told(MEMBERS.total)
  const paging = pagingOf(tool, answerHeaders, told)
  return { ...(paging && { paging }), ...(total && { total }) }
}

function pagingOf(tool: Tool, headers: string[], told: Told): Paging | undefined {
  const argument = (pattern: RegExp) => argumentOf(tool, pattern)
  const [size, stated, more] = [argument(ARGUMENTS.size), told(MEMBERS.stated), told(MEMBERS.more)]
  const link = told(MEMBERS.link)
  const ends = { ...(more && { more }) }
  const facts = {
    ...(size && { size: size.argument }),
    ...(stated && { stated }),
    ...ends,
    ...(link && { next: link }),
  }
  const [cursor, next] = [argument(ARGUMENTS.cursor), told(MEMBERS.next)]
  const [offset, page] = [argument(ARGUMENTS.offset), argument(ARGUMENTS.page)]
  if (headers.includes('link')) return { kind: 'link' }
  if (cursor && next) return { kind: 'cursor', cursor: cursor.argument, next, ...ends }
  if (offset && counts(tool, offset))
    return { kind: 'offset', offset: offset.argument, ...firstOffset(tool, offset), ...facts }
  if (page && counts(tool, page))
    return { kind: 'page', page: page.argument, first: firstPage(tool, page), ...facts }
  return link && { kind: 'link', next: link }
}

function argumentOf({ parameters }: Tool, pattern: RegExp): Parameter | undefined {
  return parameters.find((each) => each.in === 'query' && pattern.test(plain(each.argument)))
}

/** A date may be called `from`, and a text `start`. */
function counts({ inputSchema }: Tool, { argument }: Parameter): boolean {
  return /^(integer|number)$/.test(String(own(inputSchema.properties, argument)?.type))
}

function firstPage({ inputSchema }: Tool, { argument }: Parameter): number {
  const { default: preset, minimum } = own(inputSchema.properties, argument) ?? {}
  return preset === 0 || (minimum === 0 && preset === undefined) ? 0 : 1
}

/** SCIM (RFC 7644) and OpenSearch count rows from 1. */
function firstOffset({ inputSchema }: Tool, { argument }: Parameter): { first?: number } {
  const { default: preset, minimum } = own(inputSchema.properties, argument) ?? {}
  return preset === 1 || (minimum === 1 && preset === undefined) ? { first: 1 } : {}
}

type Told = (pattern: RegExp) => string[] | undefined

/** A member at the top, or in an object beside the rows that tells of paging. */
function memberPaths(answer: Json[], resolve: Resolve): Told {
  const scalars = (schemas: Json[]) =>
    [...shapeOf(schemas, resolve).members].map(([name, member]) => ({
      name,
      member,
      inner: shapeOf(member, resolve).members,
    }))
  const top = scalars(answer)
  const beside = top
    .filter(({ name }) => BESIDE.test(name.toLowerCase()))
    .map(({ name, member }) => ({ name, inner: scalars(member) }))
  return (pattern) => {
    const fits = ({ name, inner }: { name: string; inner: Map<string, Json[]> }) =>
      inner.size === 0 && pattern.test(plain(name))
    const found = top.find(fits)
    if (found) return [found.name]
    for (const { name, inner } of beside) {
      const member = inner.find(fits)
      if (member) return [name, member.name]
    }
    return undefined
  }
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '')
}
