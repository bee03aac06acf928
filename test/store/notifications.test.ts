import { describe, expect, onTestFinished, test } from 'vitest'
import { listen } from '../../src/store/notifications.ts'
import { freshDatabase, withClient } from '../support/database.ts'
import { relayTo } from '../support/relay.ts'
import { silent } from './opened.ts'

/** A line that hears through a relay, and a way to notify past it. */
async function hearing(limits: Parameters<typeof listen>[2] = {}) {
  const databaseUrl = await freshDatabase()
  const relay = await relayTo(databaseUrl)
  const line = await listen(relay.url, silent, limits)
  onTestFinished(() => line.close())
  const notify = (topic: string) =>
    withClient(databaseUrl, (client) => client.query('SELECT pg_notify($1, $2)', ['countersign', topic]))
  const nextTime = (topic: string) =>
    new Promise<void>((resolve) => onTestFinished(line.hear(topic, resolve)))
  return { relay, line, notify, nextTime }
}

/** Notifies until it is heard: what is not heard now may be heard once another line is open. */
async function heardAgain({ notify, nextTime }: Awaited<ReturnType<typeof hearing>>, topic: string) {
  let heard = false
  void nextTime(topic).then(() => {
    heard = true
  })
  await expect
    .poll(async () => {
      await notify(topic)
      return heard
    })
    .toBe(true)
}

describe('bad-session: a line that has gone silent, without FIN or RST', () => {
  test('is replaced when somebody who expected to hear says so, and the watchers are woken', async () => {
    const open = await hearing()
    const first = open.nextTime('beat 1')
    await open.notify('beat 1')
    await first
    open.relay.silence()
    const woken = new Promise<void>((resolve) => onTestFinished(open.line.watch('policy', () => resolve())))

    open.line.reopen()

    await woken
    await heardAgain(open, 'beat 2')
  })

  test('control: nobody says so, and nothing is heard any more, nor is the loss noticed', async () => {
    const { relay, line, notify } = await hearing()
    relay.silence()
    let heard = 0
    onTestFinished(line.hear('beat 1', () => (heard += 1)))
    onTestFinished(line.watch('policy', () => (heard += 1)))

    await notify('beat 1')
    await notify('policy')

    expect(heard).toBe(0)
    expect(relay.taken()).toBe(1)
  })

  test('when the new one is silent as well, that is given up in time, and another is tried', async () => {
    const limits = { answerMs: 600_000 }
    const open = await hearing(limits)
    open.relay.silence('newToo')
    limits.answerMs = 100 // for what cannot answer; the others have all the time they need
    open.line.reopen()
    await expect.poll(open.relay.taken).toBeGreaterThan(3)

    limits.answerMs = 600_000
    open.relay.recover()

    await heardAgain(open, 'beat 1')
  })

  test('does not keep the end waiting', async () => {
    const { relay, line } = await hearing({ endMs: 50 })
    relay.silence('newToo')

    await line.close()
  })
})

describe('the first line, on which a start waits', () => {
  /** A database that takes connections and does not answer, asked for a line. */
  async function asking(how: Parameters<typeof listen>[2]) {
    const relay = await relayTo(await freshDatabase())
    relay.silence('newToo')
    const opening = listen(relay.url, silent, how)
    opening.catch(() => undefined)
    await expect.poll(relay.taken).toBe(1)
    return { opening }
  }

  test('has more time than a later one', async () => {
    const { opening } = await asking({ answerMs: 1, firstMs: 100 })

    await expect(opening).rejects.toThrow('timeout expired')
    const patient = await hearing({ answerMs: 1, firstMs: 600_000 })
    await heardAgain(patient, 'beat 1')
  })

  test('is given up at once when the start is told to stop', async () => {
    const stop = new AbortController()
    const { opening } = await asking({ firstMs: 600_000, signal: stop.signal })

    stop.abort()

    await expect(opening).rejects.toThrow()
  })

  test('control: a signal that comes later ends no line', async () => {
    const stop = new AbortController()
    const open = await hearing({ signal: stop.signal })

    stop.abort()

    await heardAgain(open, 'beat 1')
    expect(open.relay.taken()).toBe(1)
  })
})

test('asking for another line while one is being opened opens no second', async () => {
  const open = await hearing()

  for (let n = 0; n < 5; n += 1) open.line.reopen()

  await heardAgain(open, 'beat 1')
  expect(open.relay.taken()).toBe(2)
})
