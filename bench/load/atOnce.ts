import { count, type Tally } from '../soak/tally.ts'

/** What a load came to. */
export interface Done {
  readonly count: number
  /** Milliseconds from the first beginning to the last end. */
  readonly wall: number
  /** Milliseconds that each took. */
  readonly took: readonly number[]
}

export interface Load {
  /** Loops that run beside each other. */
  readonly width: number
  /** New ones are begun for so many milliseconds, or until there are so many; whichever comes first. */
  readonly until: { readonly ms?: number; readonly count?: number }
  /** What did not go as it should is counted here, and the load goes on. */
  readonly surprises: Tally
  readonly stopping: AbortSignal
}

/** `n` counts all of them, `loop` says which of the loops. A text is what surprised; a number replaces the time it took. */
export type Work = (n: number, loop: number) => Promise<string | number | undefined>

/** Runs `work` in `width` loops. Never rejects for what `work` does. */
export async function atOnce({ width, until, surprises, stopping }: Load, work: Work): Promise<Done> {
  const took: number[] = []
  const began = performance.now()
  let next = 0
  const { ms = Number.POSITIVE_INFINITY, count: most = Number.POSITIVE_INFINITY } = until
  const more = () => !stopping.aborted && next < most && performance.now() - began < ms
  const loop = async (which: number) => {
    while (more()) {
      const n = next
      next += 1
      const before = performance.now()
      const result = await work(n, which).catch(said)
      if (typeof result === 'string') {
        count(surprises, result)
        // What is refused at once would otherwise be asked again as fast as the machine can.
        await new Promise((resolve) => setTimeout(resolve, 50))
      } else took.push(result ?? performance.now() - before)
    }
  }
  await Promise.all(Array.from({ length: width }, (_, which) => loop(which)))
  return { count: took.length, wall: performance.now() - began, took }
}

function said(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return 'code' in error ? `${error.code}: ${error.message}` : error.message
}

/** Several stretches of the same load as one. */
export function allOf(stretches: readonly Done[]): Done {
  return {
    count: stretches.reduce((sum, one) => sum + one.count, 0),
    wall: stretches.reduce((sum, one) => sum + one.wall, 0),
    took: stretches.flatMap(({ took }) => took),
  }
}

export const perSecond = ({ count, wall }: Done) => (count / wall) * 1_000

/** The surprises of a load, a line each, the most frequent first. */
export function surprisesIn(surprises: Tally): readonly string[] {
  return [...surprises]
    .sort(([, left], [, right]) => right - left)
    .slice(0, 10)
    .map(([what, times]) => `surprise: ${what} (${times}×)`)
}
