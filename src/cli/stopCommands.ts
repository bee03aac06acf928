import type { Command } from 'commander'
import type { Guard } from './guard.ts'
import { person } from './person.ts'
import { resumeCommand, stopCommand, stopsCommand, type Why } from './stops.ts'

const why = 'why; agents, people and the ledger are told'

/** `countersign stop …`, `stops` and `resume` */
export function addStopCommands(program: Command, guarded: Guard): void {
  const stop = program
    .command('stop')
    .description(
      'stop an agent, actions or everything, at once and at every replica; needs nothing but the database, and people resume it',
    )
  stop
    .command('agent <name>')
    .description('nothing that this agent asks is allowed, approved, granted or redeemed')
    .requiredOption('--reason <text>', why)
    .action(guarded((name: string, options: Why) => stopCommand({ kind: 'agent', agent: name }, options)))
  stop
    .command('action <pattern>')
    .description('no action that fits is; * stands for anything, as in rules: db.*')
    .requiredOption('--reason <text>', why)
    .action(guarded((pattern: string, options: Why) => stopCommand({ kind: 'action', pattern }, options)))
  stop
    .command('everything')
    .description('nothing that any agent asks is; changing the policy and resuming still work')
    .requiredOption('--reason <text>', why)
    .action(guarded((options: Why) => stopCommand({ kind: 'everything' }, options)))
  program
    .command('stops')
    .description('list what is stopped, and what was; newest first')
    .option('--before <id>', 'what was stopped before this one')
    .action(guarded(stopsCommand))
  program
    .command('resume <id>')
    .description('ask that a stop hold no longer; somebody else decides, by the policy (stop.resume)')
    .requiredOption('--by <person>', `who asks for it ${person}; they can never approve it`)
    .requiredOption('--reason <text>', 'why, for the people who decide')
    .action(guarded(resumeCommand))
}
