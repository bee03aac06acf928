import type { Command } from 'commander'
import type { Guard } from './guard.ts'
import { putTokensInCommand, removeTokensCommand, showTokensCommand } from './slackTokens.ts'

/** `countersign slack …` */
export function addSlackCommands(program: Command, guarded: Guard): void {
  const tokens = program
    .command('slack')
    .description('how Countersign reaches Slack')
    .command('tokens')
    .description(
      'tokens that rotate, where the app has token rotation on (SLACK_CLIENT_ID, SLACK_CLIENT_SECRET)',
    )
  tokens
    .command('set')
    .description('put the first pair in, from standard input, and have it renewed at once')
    .addHelpText('after', teaches)
    .action(guarded(putTokensInCommand))
  tokens
    .command('show')
    .description('whose tokens are there and until when; never the tokens')
    .action(guarded(showTokensCommand))
  tokens
    .command('remove')
    .description('remove the pair, such as before moving to another workspace')
    .action(guarded(removeTokensCommand))
}

const teaches = `
Standard input holds the access token (xoxe.xoxb-…) and the refresh token (xoxe-…) of the app, on a line each, in any order; they are never
given on the command line, where other users of the machine can read them. From a file that only you can read:

  countersign slack tokens set < tokens && rm tokens

Both are kept sealed under COUNTERSIGN_SECRET. They are renewed at once, so those that you copied get nothing more; the access token lives on
until it expires. Servers take the new ones within seconds.`
