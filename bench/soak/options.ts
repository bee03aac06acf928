import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'

/** What a run is like. */
export interface Options {
  /** How long agents ask and things break; the quiet phase comes after it. */
  readonly minutes: number
  /** The same seed makes the same choices; when each thing happens beside the others is the machine's. */
  readonly seed: number
  /** New requests a second. */
  readonly rate: number
  /** Minutes that the quiet phase may take before what still waits counts as stuck. */
  readonly patience: number
  /** Leave the data and the logs. */
  readonly keep: boolean
}

const help = `npm run soak -- [options]

Two servers as replicas, a database and a local Slack, all on this machine and thrown away afterwards. Agents ask, people
click, and meanwhile servers are killed, the database is restarted and made read-only, and Slack fails three calls in ten.
Then everything is left in peace, and what was promised is compared with what is recorded and with what people see.
Exit code 0: nothing was found. 1: the findings are printed, each with the law it breaks and the ids. 2: it could not run.

  --minutes N    how long the load and the faults last (5; half a minute at least)
  --seed N       make the same choices as another run; every run prints its seed
  --rate N       new requests a second (6; at most 20)
  --patience N   minutes until what still waits in the quiet phase counts as stuck (8)
  --keep         leave the data directory and the servers' logs, and say where they are
  --help         this

It needs nothing but "npm ci", about 600 MB of memory, and no network. Ctrl-C ends it and cleans up.
docs/operations.md says how to read what it prints.`

/** The options, or what to say instead of running. */
export function readOptions(
  args: readonly string[],
): Options | { readonly say: string; readonly code: number } {
  const refuse = (why: string) => ({ say: `${why}\n\n${help}`, code: 2 })
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        minutes: { type: 'string', default: '5' },
        seed: { type: 'string' },
        rate: { type: 'string', default: '6' },
        patience: { type: 'string', default: '8' },
        keep: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    })
    if (values.help) return { say: help, code: 0 }
    const [minutes, rate, patience] = [Number(values.minutes), Number(values.rate), Number(values.patience)]
    const seed = values.seed === undefined ? randomInt(1_000_000) : Number(values.seed)
    if (!(minutes >= 0.5 && minutes <= 1_440)) return refuse('--minutes is a number from 0.5 to 1440.')
    if (!(rate > 0 && rate <= 20)) return refuse('--rate is a number above 0, at most 20.')
    if (!(patience > 0 && patience <= 60)) return refuse('--patience is a number above 0, at most 60.')
    if (!Number.isSafeInteger(seed) || seed < 0) return refuse('--seed is a whole number.')
    return { minutes, seed, rate, patience, keep: values.keep }
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error))
  }
}
