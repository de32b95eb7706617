/** The Gemini API (streamGenerateContent) as Gemini CLI uses it: every tool is declared in every request. */
import { serverName } from './row.ts'
import { type Body, type Dialect, events } from './stub.ts'

const prefix = `mcp_${serverName}_`

export const gemini: Dialect = {
  tools: (body) => declared(body).filter((name) => name.startsWith(prefix)),
  result: (body) => {
    const parts: Body[] = (body.contents ?? []).flatMap((each: Body) => each.parts ?? [])
    const reply = parts.find((each) => each.functionResponse?.name?.startsWith(prefix))?.functionResponse
      .response
    return reply && { text: String(reply.output ?? reply.error), isError: reply.output === undefined }
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
