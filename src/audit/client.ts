/** The audit's own client: asks the connector in this process, as an MCP client would over the network. */
import type { Call } from './call.ts'

/** `number` is the call's id. The answer is read to its end, so that nothing of the call is still under way. */
export async function ask(
  app: { fetch(request: Request): Response | Promise<Response> },
  number: number,
  { method, params }: Pick<Call, 'method' | 'params'>,
  credential: string | undefined,
): Promise<string> {
  const request = new Request('http://127.0.0.1/mcp', {
    method: 'POST',
    headers: {
      host: '127.0.0.1',
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': '2025-06-18',
      ...(credential !== undefined && { authorization: `Bearer ${credential}` }),
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: number, method, params }),
  })
  const answer = await app.fetch(request)
  return answer.text()
}
