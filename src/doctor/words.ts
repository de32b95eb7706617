/** Every text of a tool that a model or a person reads, held against what steers a model. */
import { isObject, type Json } from '../json.ts'
import type { ListedTool, Spot } from './finding.ts'
import { steering, type WordRule } from './instructions.ts'
import type { Node } from './nodes.ts'

export type { WordRule }

/** Where `tool` breaks each rule on words. */
export function wordSpots(tool: ListedTool, nodes: Node[]): Map<WordRule, Spot[]> {
  const spots = new Map<WordRule, Spot[]>()
  for (const [at, text] of textsOf(tool, nodes)) {
    for (const [rule, note] of steering(text)) {
      const found = spots.get(rule) ?? []
      found.push({ at, note })
      spots.set(rule, found)
    }
  }
  return spots
}

function textsOf({ name, title, description, annotations }: ListedTool, nodes: Node[]): [string, string][] {
  const own: [string, Json | undefined][] = [
    ['/name', name],
    ['/title', title],
    ['/description', description],
    ['/annotations/title', isObject(annotations) ? annotations.title : undefined],
    ...nodes.flatMap(({ schema, at }): [string, Json | undefined][] =>
      isObject(schema) ? TEXTS.map((keyword) => [`${at}/${keyword}`, schema[keyword]]) : [],
    ),
  ]
  return own.flatMap(([at, text]): [string, string][] => (typeof text === 'string' ? [[at, text]] : []))
}

const TEXTS = ['title', 'description', '$comment']
