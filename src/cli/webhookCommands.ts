import type { Command } from 'commander'
import type { Guard } from './guard.ts'
import {
  addWebhookCommand,
  listDeliveriesCommand,
  listWebhooksCommand,
  removeWebhookCommand,
  replayCommand,
  rotateWebhookCommand,
  testWebhookCommand,
} from './webhooks.ts'

/** `countersign webhooks …` */
export function addWebhookCommands(program: Command, guarded: Guard): void {
  const webhooks = program.command('webhooks').description('who is told what happens (docs/webhooks.md)')
  webhooks
    .command('add <url>')
    .description('tell an address what happens from now on, and print the secret that signs it, once')
    .option('--events <types>', 'only these, with commas between them; otherwise everything')
    .action(guarded(addWebhookCommand))
  webhooks.command('list').description('list all addresses').action(guarded(listWebhooksCommand))
  webhooks
    .command('rotate <id>')
    .description('make a new secret; the earlier one signs beside it for a day')
    .action(guarded(rotateWebhookCommand))
  webhooks
    .command('remove <id>')
    .description('tell an address nothing any more')
    .action(guarded(removeWebhookCommand))
  webhooks
    .command('test <id>')
    .description('send one message of the type webhook.test now, and say what was answered')
    .action(guarded(testWebhookCommand))
  webhooks
    .command('deliveries')
    .description('list what was sent, newest first')
    .option('--dead', 'only what was given up')
    .option('--request <id>', 'only what is about one request')
    .option('--before <delivery>', 'the next page')
    .action(guarded(listDeliveriesCommand))
  webhooks
    .command('replay [delivery]')
    .description('send a message again that has ended, under its own id')
    .option('--dead', 'all that were given up')
    .action(guarded(replayCommand))
}
