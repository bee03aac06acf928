import { type Command, InvalidArgumentError, Option } from 'commander'
import { durationPattern, formatDuration, secondsIn } from '../../core/duration.ts'
import { type Format, formatOption, type Run } from './printed.ts'
import type { StartShadowOptions, StopShadowOptions } from './shadow.ts'

const usualFor = 7 * 86_400

/** `countersign policy shadow …` */
export function addShadowCommands(policy: Command, run: Run): void {
  const shadow = policy
    .command('shadow')
    .description(
      'let a bundle judge live requests beside the active one, and only report what it would change',
    )
    .argument('<directory>', 'the candidate')
    .addOption(
      new Option('--for <duration>', 'it ends by itself after so long')
        .argParser(seconds)
        .default(usualFor, formatDuration(usualFor)),
    )
    .option('--reason <text>', 'why, for the ledger')
    .addOption(formatOption())
    .addHelpText('after', example)
    .action(
      run(async (directory: string, options: StartShadowOptions) =>
        (await import('./shadow.ts')).startShadowCommand(directory, options),
      ),
    )
  shadow
    .command('show')
    .description('what the one that runs, or ran last, would have judged otherwise')
    .addOption(formatOption())
    .action(
      run(async (options: { readonly format: Format }) =>
        (await import('./shadow.ts')).showShadowCommand(options),
      ),
    )
  shadow
    .command('stop')
    .description('it judges no more; what it found stays for a while')
    .option('--reason <text>', 'why, for the ledger')
    .addOption(formatOption())
    .action(
      run(async (options: StopShadowOptions) => (await import('./shadow.ts')).stopShadowCommand(options)),
    )
}

function seconds(duration: string): number {
  if (!durationPattern.test(duration)) throw new InvalidArgumentError('Use a duration, such as 12h or 7d.')
  return secondsIn(duration)
}

const example = `
It changes no answer and asks nobody: each server judges again, aside, what the active policy has judged, and counts.
  countersign policy shadow policies --for 2d      begin; one at a time
  countersign policy shadow show                   loosened, tightened, unchanged, with requests as examples
  countersign policy shadow stop                   end it before its time

It ends by itself after its time, and when that bundle becomes the active one.
Exit codes: 0 nothing is loosened, 1 an error, 2 something is loosened (show).`
