import { type Client, clientIn, type GatedOptionsOf, type NamedCall } from '../../src/client/client.ts'
import { type Double, doubleKey, openDouble } from '../clients/double.ts'
import { sleepless } from './surroundings.ts'

/** What the gated function of these tests takes. */
export interface Export {
  readonly table: string
  rows: number
}

export const describeExport = (args: Export) => ({
  action: 'db.export',
  resource: { type: 'table', id: args.table },
  params: args,
  environment: 'prod',
})

/** A double, and a gated function before it. `ran` has the arguments that it ran with. */
export async function open(options: GatedOptionsOf<Export> = {}) {
  const double = await openDouble()
  const ran: Export[] = []
  /** Another one is another process of the same agent. */
  const process = () => {
    const client = clientIn(sleepless(), { url: double.url, key: doubleKey })
    return client.gated(
      async (args: Export) => {
        ran.push(args)
        return `${args.rows} rows`
      },
      describeExport,
      options,
    )
  }
  return { double, ran, process, exportTable: process() }
}

export const users: Export = { table: 'warehouse.users', rows: 10 }
export const call: NamedCall = { callId: 'call_1', session: 'run-1' }

/** The calls of one route. */
export const sent = (double: Double, route: string) => double.calls.filter((one) => one.route.endsWith(route))

/** A client of the double's. */
export function clientOf(double: Double): Client {
  return clientIn(sleepless(), { url: double.url, key: doubleKey })
}
