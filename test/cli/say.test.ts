import { PassThrough } from 'node:stream'
import { WriteStream } from 'node:tty'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { failureText, paintFor } from '../../src/cli/say.ts'
import { Refusal } from '../../src/core/refusal.ts'
import { StartFault } from '../../src/server/startFault.ts'

const red = '\u001b[31mno\u001b[39m'

/** A stream that asks the environment like a terminal does. */
function terminal(): PassThrough {
  return Object.assign(new PassThrough(), {
    isTTY: true,
    getColorDepth: WriteStream.prototype.getColorDepth,
  })
}

function pipe(): PassThrough {
  return new PassThrough()
}

beforeEach(() => {
  for (const name of [
    'NO_COLOR',
    'NODE_DISABLE_COLORS',
    'FORCE_COLOR',
    'COLORTERM',
    'CI',
    'TEAMCITY_VERSION',
  ])
    vi.stubEnv(name, undefined)
  vi.stubEnv('TERM', 'xterm')
})
afterEach(() => {
  vi.unstubAllEnvs()
})

describe('colour', () => {
  test('is for terminals', () => {
    expect(paintFor(terminal())('red', 'no')).toBe(red)
    expect(paintFor(pipe())('red', 'no')).toBe('no')
  })

  test('is not for a terminal that has none', () => {
    vi.stubEnv('TERM', 'dumb')

    expect(paintFor(terminal())('red', 'no')).toBe('no')
  })

  test('NO_COLOR turns it off', () => {
    vi.stubEnv('NO_COLOR', '1')

    expect(paintFor(terminal())('red', 'no')).toBe('no')
  })

  test('FORCE_COLOR turns it on where there is no terminal', () => {
    vi.stubEnv('FORCE_COLOR', '1')

    expect(paintFor(pipe())('red', 'no')).toBe(red)
  })

  test('FORCE_COLOR=0 turns it off', () => {
    vi.stubEnv('FORCE_COLOR', '0')

    expect(paintFor(terminal())('red', 'no')).toBe('no')
  })
})

describe('a failure', () => {
  const fault = new StartFault({ problem: 'It does not start.', fix: 'Start it.' })

  test('is coloured for the stream that it goes to', () => {
    expect(failureText(fault, paintFor(terminal()))).toContain('\u001b[31mIt does not start.')
    expect(failureText(fault, paintFor(pipe()))).toBe('It does not start.\n  Start it.')
  })

  test('draws nothing but its own colours, whoever wrote the names in it', () => {
    const hostile = 'a\u001b[2J\u009b2J\u202eb'
    const faults = [
      new StartFault({ problem: hostile, fix: hostile, cause: new Error(hostile) }),
      new Refusal('invalid_request', 'x', [{ pointer: `/${hostile}`, detail: hostile }]),
      new Error(hostile),
    ]

    for (const one of faults) expect(failureText(one)).not.toMatch(/[^\n\P{C}]/u)
    expect(failureText(faults[0], paintFor(terminal())).startsWith('\u001b[31ma\\u001b[2J')).toBe(true)
  })

  test('is plain as text, whatever the environment says', () => {
    vi.stubEnv('FORCE_COLOR', '1')

    expect(failureText(fault)).toBe('It does not start.\n  Start it.')
  })
})
