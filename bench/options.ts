import { parseArgs } from 'node:util'
import { entriesOf } from './entriesOf.ts'
import { type FigureName, figureNames, list, profileName } from './list.ts'

/** What a run is like. */
export interface Options {
  readonly figures: readonly FigureName[]
  readonly profile: boolean
  /** How long each load lasts. */
  readonly seconds: number
  /** Agents at once. */
  readonly agents: number
  /** Requests in the large database of `stored`. */
  readonly stored: number
  /** Requests between the two looks of `memory`. */
  readonly requests: number
  /** Entries that `ledger` records, seals in bulk, verifies and exports. */
  readonly entries: number
  /** The folder with public sets of commands and calls for `flow`; null: only the list that stands here. */
  readonly data: string | null
}

const names = Object.entries(list).map(([name, { about }]) => `  ${name.padEnd(11)}${about}`)

const help = `npm run bench -- [NAME ...] [options]

What a user waits for and what it costs, each figure beside what this machine can do at best, measured in the same run.
Without a name: every figure, in about half an hour. Everything runs on loopback and is thrown away afterwards.

${names.join('\n')}
  ${profileName.padEnd(11)}only when named: where the processor time of "allowed" and "cycle" goes, by package and room

  --seconds N    how long each load lasts (8; from 1 to 120)
  --agents N     how many ask at once (50; from 1 to 200)
  --stored N     requests in the large database of "stored" (1000000; from 10000)
  --requests N   requests between the two looks of "memory" (50000; from 1000)
  --entries N    entries that "ledger" seals in bulk, verifies and exports (1000000; from 10000)
  --data DIR     a folder of public sets for "flow" (bench/flow/README.md says which, and where they are from)
  --help         this

How to read a line: what was measured, its ceiling in the same run, the ratio of the two, what is to be reached, and
whether it was. Below each table stands how much of the machine was the bench's own: where others took a tenth of it or
more, measure again. Surprises (an agent that heard something unexpected) are counted and printed; the run goes on.
Restate, the ceiling of "cycle", is installed on first use from the npm registry into bench/restate (about 225 MB);
without a network its line says so and the rest goes on.
Exit code 0: every figure was measured, whether or not it reached what it should. 1: one could not be. 130: Ctrl-C, which
ends everything that was started.
docs/performance.md has the figures as they stand and what stands in their way.`

const bounds = {
  seconds: [1, 120],
  agents: [1, 200],
  stored: [10_000, 10_000_000],
  requests: [1_000, 1_000_000],
  entries: [10_000, 10_000_000],
} as const

/** The options, or what to say instead of running. */
export function readOptions(
  args: readonly string[],
): Options | { readonly say: string; readonly code: number } {
  const refuse = (why: string) => ({ say: `${why}\n\n${help}`, code: 2 })
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        seconds: { type: 'string', default: '8' },
        agents: { type: 'string', default: '50' },
        stored: { type: 'string', default: '1000000' },
        requests: { type: 'string', default: '50000' },
        entries: { type: 'string', default: '1000000' },
        data: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    })
    if (values.help) return { say: help, code: 0 }
    for (const [name, [least, most]] of entriesOf(bounds)) {
      const value = Number(values[name])
      if (!Number.isSafeInteger(value) || value < least || value > most)
        return refuse(`--${name} is a whole number from ${least} to ${most}.`)
    }
    const unknown = positionals.find((name) => name !== profileName && !isFigure(name))
    if (unknown !== undefined) return refuse(`There is no figure "${unknown}".`)
    return {
      figures:
        positionals.length === 0 ? figureNames : figureNames.filter((one) => positionals.includes(one)),
      profile: positionals.includes(profileName),
      seconds: Number(values.seconds),
      agents: Number(values.agents),
      stored: Number(values.stored),
      requests: Number(values.requests),
      entries: Number(values.entries),
      data: values.data ?? null,
    }
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error))
  }
}

function isFigure(name: string): name is FigureName {
  return Object.hasOwn(list, name)
}
