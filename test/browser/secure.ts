/** The connector behind https, as in production: a front that ends TLS before it, and an identity provider on another site. */
import { once } from 'node:events'
import { request as send } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { randomSecret } from '../attacks/stage.ts'
import { createCertificate } from '../certificate.ts'
import { startLogin } from '../login.ts'

/** `url` is of https, with a certificate that nobody else vouches for. */
export async function startSecure() {
  let behind = ''
  const front = createServer(createCertificate(), (request, response) => {
    const { method, headers, url } = request
    const onward = send(`${behind}${url}`, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode!, answer.headers)
      answer.pipe(response)
    })
    onward.on('error', () => response.destroy())
    request.pipe(onward)
  })
  await once(front.listen(0, '127.0.0.1'), 'listening')
  const url = `https://127.0.0.1:${(front.address() as AddressInfo).port}`
  const env = {
    LECTERN_PUBLIC_URL: url,
    LECTERN_SESSION_SECRETS: randomSecret(),
    LECTERN_REGISTRATION_SECRETS: randomSecret(),
  }
  const login = await startLogin(env, { host: 'localhost', redirectUris: [`${url}/callback`] })
  behind = login.url
  return {
    url,
    /** The connector's own address, past the front. */
    behind,
    async close() {
      front.close().closeAllConnections()
      await login.close()
    },
  }
}
