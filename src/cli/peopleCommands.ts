import type { Command } from 'commander'
import type { Guard } from './guard.ts'
import { loadCommand } from './load.ts'
import { linkCommand, showCommand, unlinkCommand } from './people.ts'
import { person } from './person.ts'
import { listTokensCommand, revokeTokenCommand } from './tokens.ts'

/** `countersign people …` */
export function addPeopleCommands(program: Command, guarded: Guard): void {
  const people = program.command('people').description('identities')
  people
    .command('show <account>')
    .description(
      'show every account that counts as one person with this one: which are confirmed, which only claimed, and what waits',
    )
    .action(guarded(showCommand))
  people
    .command('link [account] [other]')
    .description(
      'say that two accounts belong to one human, so that neither can approve what the other is behind; both are asked to confirm it',
    )
    .option(
      '--file <path>',
      'instead of two accounts: a file with two of them on each line, with a comma between them',
    )
    .action(guarded(linkCommand))
  people
    .command('unlink <account>')
    .description(
      'ask that an account be parted from the person it was joined to; others than that person and you decide',
    )
    .requiredOption('--by <person>', `who asks for it ${person}; they can never approve it`)
    .option('--reason <text>', 'why, for the people who decide')
    .action(guarded(unlinkCommand))
  people
    .command('load')
    .description('say who is asked how much: asked, decided, how long it took, how often mentioned today')
    .action(guarded(loadCommand))
  addTokenCommands(people, guarded)
}

function addTokenCommands(people: Command, guarded: Guard): void {
  const tokens = people
    .command('tokens')
    .description('personal tokens, by which people decide from a portal; they make them in Slack')
  tokens
    .command('list')
    .description('list tokens, newest first: whose, until when, and whether they are used')
    .option('--before <id>', 'the last token of the page before; there are fifty on a page')
    .action(guarded(listTokensCommand))
  tokens
    .command('revoke <id>')
    .description('end a token at once; its person is told')
    .action(guarded(revokeTokenCommand))
}
