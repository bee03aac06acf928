import { WebAPIPlatformError } from '@slack/web-api'
import { describe, expect, test } from 'vitest'
import type { Health } from '../../src/approvals/ports.ts'
import { keepConnected, lastingMs } from '../../src/slack/inbound/connection.ts'

/** A Slack that answers as the test says, and timers that fire when the test lets time pass. `raised` is what holds. */
function telephone(raised = new Map<string, string>()) {
  let now = 1_000_000
  const due = new Set<{ readonly at: number; readonly work: () => void }>()
  const attempts: number[] = []
  const told: string[] = []
  const says: { fault: Error | null; whileConnecting: (() => void) | null } = {
    fault: null,
    whileConnecting: null,
  }
  const health: Health = {
    raise: (code, detail) => {
      if (raised.get(code) !== detail) told.push(detail)
      raised.set(code, detail)
    },
    clear: (code) => void raised.delete(code),
  }
  const logged: string[] = []
  const line = keepConnected({
    connect: async () => {
      attempts.push(now)
      says.whileConnecting?.()
      if (says.fault) throw says.fault
    },
    health,
    log: { info: (text: unknown) => logged.push(String(text)), warn: () => {} } as never, // only these two are called
    elapsed: () => now,
    later: (work, milliseconds) => {
      const one = { at: now + milliseconds, work }
      due.add(one)
      return () => void due.delete(one)
    },
  })
  const settle = async () => {
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve()
  }
  /** Lets time pass; what is due happens in its order. `afterwards` happens after each of it. */
  const pass = async (milliseconds: number, afterwards: () => void = () => {}) => {
    const until = now + milliseconds
    for (;;) {
      const [next] = [...due].filter((one) => one.at <= until).sort((a, b) => a.at - b.at)
      if (!next) break
      due.delete(next)
      now = Math.max(now, next.at)
      next.work()
      await settle()
      afterwards()
      await settle()
    }
    now = until
  }
  return {
    line,
    attempts,
    told,
    logged,
    says,
    pass,
    settle,
    waits: () => attempts.map((at, nth) => at - (attempts[nth - 1] ?? at)),
    isAway: () => raised.has('channel_away'),
  }
}

describe.each([
  ['too_many_websockets', 'more than ten connections'],
  ['link_disabled', 'Switch it on in the app settings'],
  [null, 'a proxy or firewall'],
])('a connection that Slack takes and ends at once (%s)', (reason, fix) => {
  test('is made again ever more slowly, told once, and the channel is away', async () => {
    const { line, attempts, told, logged, pass, waits, isAway } = telephone()
    await line.start()
    line.lost(reason)

    await pass(10_000, () => line.lost(reason))
    expect(attempts.length).toBeLessThanOrEqual(5)
    expect(told).toEqual([expect.stringContaining(fix)])
    expect(isAway()).toBe(true)

    await pass(3_600_000, () => line.lost(reason))
    expect(Math.max(...waits())).toBe(30_000)
    expect(told).toHaveLength(1)
    expect(logged).toEqual([])
  })

  test('is over when one has lasted, and the next loss is made good at once', async () => {
    const { line, attempts, told, logged, pass, isAway } = telephone()
    await line.start()
    line.lost(reason)
    await pass(20_000, () => line.lost(reason))

    await pass(30_000)
    expect(isAway()).toBe(true)
    await pass(lastingMs)
    expect(isAway()).toBe(false)
    expect(logged).toEqual(['the socket to Slack stays open again'])

    const before = attempts.length
    line.lost(reason)
    await pass(0)
    expect(attempts.length).toBe(before + 1)
    expect(told).toHaveLength(1)
  })
})

describe('control: Slack renews a connection', () => {
  test.each(['warning', 'refresh_requested'])(
    '%s: it is made again at once, and nobody is told',
    async (reason) => {
      const { line, attempts, told, pass, isAway } = telephone()
      await line.start()

      for (let nth = 0; nth < 5; nth += 1) {
        line.lost(reason)
        await pass(lastingMs)
      }

      expect(attempts).toHaveLength(6)
      expect(told).toEqual([])
      expect(isAway()).toBe(false)
    },
  )

  test('one that is renewed over and over at once is no better than one that is ended', async () => {
    const { line, attempts, told, pass } = telephone()
    await line.start()
    line.lost('refresh_requested')

    await pass(10_000, () => line.lost('refresh_requested'))

    expect(attempts.length).toBeLessThanOrEqual(6)
    expect(told).toHaveLength(1)
  })
})

test('a connection that breaks while it is made, or just after hello, is made again once and not twice', async () => {
  const { line, attempts, says, pass, settle } = telephone()
  says.whileConnecting = () => line.lost('link_disabled')
  await line.start()
  await settle()
  says.whileConnecting = null

  await pass(1_000)

  expect(attempts).toHaveLength(2)
})

test('a first attempt that fails in passing is tried again; one that Slack refuses for good is not', async () => {
  const passing = telephone()
  passing.says.fault = new Error('no answer')
  await passing.line.start()
  await passing.pass(5_000)
  expect(passing.attempts.length).toBeGreaterThan(2)
  expect(passing.isAway()).toBe(true)
  passing.says.fault = null
  await passing.pass(60_000)
  expect(passing.isAway()).toBe(false)

  const lasting = telephone()
  lasting.says.fault = new WebAPIPlatformError({ ok: false, error: 'invalid_auth' })
  await expect(lasting.line.start()).rejects.toThrow('create an app-level token')
  await lasting.pass(3_600_000)
  expect(lasting.attempts).toHaveLength(1)
})

test('what a line raised that was given up is over when the one that took its place has lasted', async () => {
  const raised = new Map<string, string>()
  const refused = telephone(raised)
  refused.says.fault = new WebAPIPlatformError({ ok: false, error: 'missing_scope' })
  await expect(refused.line.start()).rejects.toThrow('create an app-level token')
  expect(refused.isAway()).toBe(true)

  const fixed = telephone(raised)
  await fixed.line.start()
  expect(fixed.isAway()).toBe(true)
  await fixed.pass(lastingMs)

  expect(fixed.isAway()).toBe(false)
})

test('once it runs, a token that is refused is tried again: somebody may be about to change that', async () => {
  const { line, attempts, told, says, pass, isAway } = telephone()
  await line.start()
  await pass(lastingMs)
  says.fault = new WebAPIPlatformError({ ok: false, error: 'invalid_auth' })
  line.lost(null)
  await pass(60_000)
  expect(told).toEqual([expect.stringContaining('create an app-level token')])
  expect(attempts.length).toBeGreaterThan(3)

  says.fault = null
  await pass(60_000)

  expect(isAway()).toBe(false)
})

test('it can be ended while it waits', async () => {
  const { line, attempts, pass } = telephone()
  await line.start()
  line.lost('link_disabled')

  line.end()
  await pass(3_600_000)

  expect(attempts).toHaveLength(1)
})
