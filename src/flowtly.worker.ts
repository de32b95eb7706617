/** The Worker that `wrangler.toml` deploys: the Flowtly connector, compiled when the isolate starts. */
import document from '../openapi/flowtly.json' with { type: 'json' }
import { compile } from './connector/compile.ts'
import { flowtly } from './connectors/flowtly.ts'
import { createWorker } from './worker.ts'

export { ReplayObject } from './worker.ts'

export default createWorker(compile(flowtly, document))
