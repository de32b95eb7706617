/** One real client at work: it is connected as a person would, signs in, and makes its call in a new process. */
import type { Finished, Home } from './home.ts'
import { fault, type Row } from './row.ts'
import type { Dialect, Stub } from './stub.ts'

/** A way in which the client shows tools to its model, and the model's API as it then uses it. */
export type Mode = {
  name: string
  dialect: Dialect
  /** Runs the client once against such a model, for at most `limit` seconds. */
  ask(stub: Stub, limit: number): Promise<Finished>
}

export type Client = {
  home: Home
  version: string
  /** None where it has no model. */
  modes: Mode[]
  /** What a new user types: adds the server and, without a key, signs in. */
  connect(): Promise<Finished>
  /** What they type to sign in again. */
  login(): Promise<Finished>
  /** Lists the tools and makes the call, with what was stored before. */
  use(): Promise<Row[]>
}

/** Connects and calls; where a person signs in, the rows say how that went and whether it was asked for once only. */
export async function tryOut(client: Client, signsIn: boolean): Promise<Row[]> {
  const began = performance.now()
  const said = await client.connect()
  const seconds = (performance.now() - began) / 1000
  if (!signsIn) return client.use()
  await client.home.visits(1)
  const rows = await client.use()
  const visits = await client.home.visits(1)
  const ok = said.code === 0 && visits.length === 1
  const login = ok
    ? `${seconds.toFixed(1)} s`
    : `${visits.length} x: ${visits[0]?.end ?? fault(said.err + said.out)}`
  return rows.map((row) => ({ ...row, login, ok: row.ok && ok }))
}
