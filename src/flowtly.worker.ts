/** The Worker that `wrangler.toml` deploys: the Flowtly connector, compiled when the isolate starts. */
import lock from '../connector.lock.json' with { type: 'json' }
import document from '../openapi/flowtly.json' with { type: 'json' }
import { compile } from './connector/compile.ts'
import { flowtly } from './connectors/flowtly.ts'
import { syncedIn } from './drift/lock.ts'
import { createWorker } from './worker.ts'

export { ReplayObject } from './worker.ts'

export default createWorker(compile(flowtly, document, { synced: syncedIn(lock, flowtly.name) }))
