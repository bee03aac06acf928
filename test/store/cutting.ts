import { once } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'
import { onTestFinished } from 'vitest'

/**
 * The database's address through a relay that cuts the connection at the nth thing that is sent: before it gets there, or after it has been
 * answered and before anybody hears that. Whoever sends it is as good as killed.
 */
export async function cutAt(
  databaseUrl: string,
  at: { readonly nth: number; readonly when: 'before' | 'after' },
): Promise<{ readonly url: string; readonly cut: () => boolean }> {
  const target = new URL(databaseUrl)
  const directory = target.searchParams.get('host')
  const port = Number(target.port || 5432)
  let sent = 0
  const server = createServer((outside) => {
    const inside = directory ? connect(`${directory}/.s.PGSQL.${port}`) : connect(port, target.hostname)
    for (const end of [inside, outside]) end.on('error', () => undefined)
    const cut = () => {
      inside.destroy()
      outside.resetAndDestroy()
    }
    outside.on('data', (bytes) => {
      sent += 1
      if (sent === at.nth && at.when === 'before') return cut()
      if (sent === at.nth) inside.once('data', cut)
      inside.write(bytes)
    })
    inside.on('data', (bytes) => void (sent < at.nth && outside.write(bytes)))
    outside.on('close', () => inside.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  target.searchParams.delete('host')
  target.hostname = '127.0.0.1'
  target.port = String((server.address() as AddressInfo).port) // it listens on TCP
  return { url: target.href, cut: () => sent >= at.nth }
}
