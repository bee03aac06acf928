import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

/** What makes a test depend on how fast a machine is: a stopwatch, a fixed wait, a limit that is soon over. */
const impatient =
  /\bprocess\.(cpuUsage|hrtime)\b|\bperformance\.now\b|\bvi\.waitFor\b|\bAbortSignal\.timeout\b|\bsetTimeout\(|\bdelay\(|\btimeout: \d|^ *\}, \d+_000\)$/m
const patientTests: Readonly<Record<string, string>> = {
  'support/eventually.ts': 'waits as long as it takes',
  'store/pgbouncer.ts': 'looks again until it answers',
  'store/pool.test.ts': 'stands still on purpose, so that a pool finds its process was asleep',
  'server/flood.test.ts': 'how much is allowed grows with the time that it took',
}

describe('nothing depends on how fast a machine is', () => {
  test('no test looks at a stopwatch, waits for a fixed time, or gives up soon: wait with test/support/eventually.ts', () => {
    const found = filesUnder('test').filter(
      (file) => impatient.test(withoutTexts(codeOf(file.text))) && !isListed(file, patientTests),
    )

    expect(found.map((file) => file.path)).toEqual([])
  })

  function isListed({ path }: SourceFile, list: Readonly<Record<string, string>>): boolean {
    return Object.keys(list).some((one) => (one.endsWith('/') ? path.startsWith(one) : path === one))
  }
})

describe('the test itself notices', () => {
  test.each([
    ['expect(performance.now() - began).toBeLessThan(1_000)'],
    ['await vi.waitFor(() => expect(seen).toBe(1))'],
    ['await expect.poll(seen, { timeout: 5_000 }).toBe(1)'],
    ['await new Promise((resolve) => setTimeout(resolve, 100))'],
    ['await delay(100)'],
    ['}, 60_000)'],
  ])('time in %s', (code) => {
    expect(impatient.test(codeOf(code))).toBe(true)
    expect(impatient.test(codeOf(`/** ${code} */`))).toBe(false)
  })
})

interface SourceFile {
  /** From the folder on: `core/lifecycle.ts`. */
  readonly path: string
  readonly text: string
}

function filesUnder(folder: string): readonly SourceFile[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.(ts|tsx|mjs)$/.test(path) && !path.startsWith('store/prisma/'))
    .map((path) => ({ path, text: readFileSync(join(folder, path), 'utf8') }))
}

/** What stands in quotes or slashes is not done. */
function withoutTexts(code: string): string {
  return code.replace(/'[^'\n]*'|\/[^/\n]+\/[a-z]*(?=[,\s)\]])/g, "''")
}

/** The text without comments, so that prose about clocks is not a clock. */
function codeOf(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '')
}
