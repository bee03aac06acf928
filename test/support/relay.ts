import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

/** A TCP relay before the test database, which can fall silent the way networks do. */
export interface Relay {
  /** The database's address through the relay. */
  readonly url: string
  /**
   * From now on nothing passes on the connections that exist, in either direction, and neither side is told: no FIN, no
   * RST. New ones work, unless `newToo`.
   */
  silence(newToo?: 'newToo'): void
  /** Every connection from now on is closed at once, and those that exist are reset. */
  refuse(): void
  /** New connections work again; silent ones stay silent. */
  recover(): void
  /** How many connections it has taken so far. */
  readonly taken: () => number
}

interface Pair {
  readonly inside: Socket
  readonly outside: Socket
  silent: boolean
}

/** A relay to the database at an address, gone when the test ends. */
export async function relayTo(databaseUrl: string): Promise<Relay> {
  const pairs = new Set<Pair>()
  let [silent, refusing, taken] = [false, false, 0]
  const target = new URL(databaseUrl)
  const directory = target.searchParams.get('host')
  const port = Number(target.port || 5432)
  const server = createServer((outside) => {
    taken += 1
    outside.on('error', () => undefined)
    if (refusing) {
      outside.resetAndDestroy()
      return
    }
    const inside = directory ? connect(`${directory}/.s.PGSQL.${port}`) : connect(port, target.hostname)
    inside.on('error', () => undefined)
    join({ inside, outside, silent }, pairs)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    for (const { inside, outside } of pairs) for (const end of [inside, outside]) end.destroy()
    server.close()
  })
  target.searchParams.delete('host')
  target.hostname = '127.0.0.1'
  target.port = String((server.address() as AddressInfo).port) // it listens on TCP
  return {
    url: target.href,
    silence(newToo) {
      for (const pair of pairs) pair.silent = true
      silent = newToo === 'newToo'
    },
    refuse() {
      refusing = true
      for (const { inside, outside } of pairs) {
        outside.resetAndDestroy()
        inside.destroy()
      }
    },
    recover() {
      silent = false
      refusing = false
    },
    taken: () => taken,
  }
}

/** What one side says the other hears, and its end too, as long as the pair is not silent. */
function join(pair: Pair, pairs: Set<Pair>): void {
  pairs.add(pair)
  const { inside, outside } = pair
  for (const [from, to] of [
    [inside, outside],
    [outside, inside],
  ] as const) {
    from.on('data', (bytes) => void (pair.silent || to.write(bytes)))
    from.on('close', () => {
      if (!pair.silent) to.destroy()
    })
  }
  // A silent pair is kept: its other side has not heard of the end, and is told when the test is over.
  inside.on('close', () => pairs.delete(pair))
}
