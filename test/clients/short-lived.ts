/** Lectern on a sandbox whose access tokens live a few seconds only: `node short-lived.ts SECONDS`. */
import { loadFlowtly } from '../../src/commands/flowtly.ts'
import { serve } from '../../src/node.ts'
import { startSandbox } from '../../src/sandbox/sandbox.ts'
import { readSettings } from '../../src/settings.ts'

const sandbox = await startSandbox({ identity: { accessTokenTtl: Number(process.argv[2]) } })
const { issuer, clientId, clientSecret } = sandbox.identity!
const settings = readSettings({
  PORT: '0',
  LECTERN_UPSTREAM_URL: sandbox.url,
  LECTERN_IDP_ISSUER: issuer,
  LECTERN_IDP_CLIENT_ID: clientId,
  LECTERN_IDP_CLIENT_SECRET: clientSecret,
})
const { url } = await serve(loadFlowtly(), settings)
console.log(`Lectern serves tokens of ${process.argv[2]} s at ${url}/mcp`)
process.once('SIGINT', () => process.exit(0))
