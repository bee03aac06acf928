import { expect, onTestFinished, test, vi } from 'vitest'
import { createStart, unstoppable } from '../../src/lifetime/start.ts'

const never = () => new Promise<never>(() => undefined)

function startWith() {
  const stopping = new AbortController()
  const said: string[] = []
  const start = createStart({
    signal: stopping.signal,
    log: { warn: (_, message) => void said.push(message) },
  })
  return { start, said, stop: () => stopping.abort(new Error('stop')) }
}

function withFakeTimers() {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
}

test('a part of a start comes to what its work comes to', async () => {
  expect(await unstoppable().phase('x', async () => 7)).toBe(7)
  await expect(unstoppable().phase('x', () => Promise.reject(new Error('no')))).rejects.toThrow('no')
})

test('a start that is told to stop leaves a part that never ends', async () => {
  const { start, stop } = startWith()
  const part = start.phase('a database that is silent', never)

  stop()

  await expect(part).rejects.toThrow('stop')
})

test('and begins no other part', async () => {
  const { start, stop } = startWith()
  stop()
  const begin = vi.fn(never)

  await expect(start.phase('x', begin)).rejects.toThrow('stop')
  await expect(start.through('x', begin)).rejects.toThrow('stop')

  expect(begin).not.toHaveBeenCalled()
})

test('work that hears the signal itself is waited for', async () => {
  const { start, stop } = startWith()
  const ended: string[] = []
  const part = start.through('our own PostgreSQL', async () => {
    await new Promise((resolve) => start.signal.addEventListener('abort', resolve))
    await Promise.resolve()
    ended.push('ended')
    throw start.signal.reason
  })

  stop()
  await expect(part).rejects.toThrow('stop')

  expect(ended).toEqual(['ended'])
})

test('a part that takes longer than a few seconds says once what it waits for', async () => {
  withFakeTimers()
  const { start, said, stop } = startWith()
  const part = start.phase(async () => 'the database at db.example:5432', never)
  part.catch(() => undefined)

  await vi.advanceTimersByTimeAsync(1_000)
  expect(said).toEqual([])
  await vi.advanceTimersByTimeAsync(60_000)

  expect(said).toEqual(['still starting: waiting for the database at db.example:5432'])
  stop()
})

test('control: a part that is done says nothing', async () => {
  withFakeTimers()
  const { start, said } = startWith()
  await start.phase('x', async () => 1)

  await vi.advanceTimersByTimeAsync(60_000)

  expect(said).toEqual([])
})

test('what is begun is told where somebody watches, when it is begun', async () => {
  const told: string[] = []
  const log = { warn: () => undefined }
  const start = createStart({ signal: new AbortController().signal, log, tell: (doing) => told.push(doing) })

  start.begins('Creating a database')
  await start.phase('a database', async () => expect(told).toEqual(['Creating a database']))

  expect(() => unstoppable().begins('Nobody watches')).not.toThrow()
})
