/** The Gemini API (streamGenerateContent) as Gemini CLI uses it: every tool is declared in every request. */
import { serverName } from './row.ts'
import { type Body, type Dialect, events } from './stub.ts'

const prefix = `mcp_${serverName}_`

export const gemini: Dialect = {
  tools: (body) => declared(body).filter((name) => name.startsWith(prefix)),
  // It gives our calls no ids: they are told by their order.
  result: (body, turn) => {
    const parts: Body[] = (body.contents ?? []).flatMap((each: Body) => each.parts ?? [])
    const reply = parts.filter((each) => each.functionResponse?.name?.startsWith(prefix))[turn]
    if (!reply) return undefined
    const { response, parts: inside = [] } = reply.functionResponse
    const after = parts.slice(parts.indexOf(reply) + 1)
    const files = [...inside, ...after].flatMap(({ inlineData }) =>
      inlineData ? [{ type: inlineData.mimeType, data: inlineData.data }] : [],
    )
    return { text: String(response.output ?? response.error), isError: response.output === undefined, files }
  },
  use: (body, { tool, args }) => {
    const name = prefix + tool
    return declared(body).includes(name) ? { name, reply: turn({ functionCall: { name, args } }) } : undefined
  },
  say: (text) => turn({ text }),
}

const declared = (body: Body): string[] =>
  (body.tools ?? []).flatMap((each: Body) => each.functionDeclarations ?? []).map((each: Body) => each.name)

function turn(part: object): string {
  const usageMetadata = { promptTokenCount: 1, candidatesTokenCount: 1, totalTokenCount: 2 }
  const candidate = { index: 0, content: { role: 'model', parts: [part] }, finishReason: 'STOP' }
  return events([{ candidates: [candidate], usageMetadata }])
}
