import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { within } from '../../src/lifetime/limit.ts'

/** Two ends of one connection. */
async function ends(): Promise<{ readonly near: Socket; readonly far: Socket }> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const arrived = once(server, 'connection')
  const near = connect((server.address() as AddressInfo).port, '127.0.0.1') // it listens on TCP
  const [far] = await arrived
  onTestFinished(() => {
    for (const one of [near, far]) one.destroy()
    server.close()
  })
  return { near, far }
}

const beBusy = (ms: number) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)

test('an answer that came while the process was busy is not late', async () => {
  const { near, far } = await ends()

  const answer = within(20, 'an answer', () => once(near, 'data'))
  far.write('yes')
  beBusy(60)

  expect(String(await answer)).toBe('yes')
})

test('control: one that does not come is given up', async () => {
  const { near } = await ends()

  await expect(within(20, 'an answer', () => once(near, 'data'))).rejects.toMatchObject({
    name: 'Overdue',
    message: 'an answer took longer than 20 ms',
  })
})
