import type { Command } from 'commander'
import type { Guard } from './guard.ts'
import {
  addResourceCommand,
  listResourcesCommand,
  revokeResourceCommand,
  rotateResourceCommand,
} from './resources.ts'

/** `countersign resources …` */
export function addResourceCommands(program: Command, guarded: Guard): void {
  const resources = program
    .command('resources')
    .description(
      'what redeems grants because it is about to act: services and proxies, each for one audience',
    )
  resources
    .command('add <name>')
    .description(
      'register a resource and print its key, once; it redeems grants of its audience and nothing else',
    )
    .requiredOption('--audience <uri>', 'whose grants it redeems: the `aud` of their tokens')
    .action(guarded(addResourceCommand))
  resources
    .command('list')
    .description('list resources by name, a page at a time')
    .option('--limit <count>', 'how many at a time, at most 1000', '100')
    .option('--after <name>', 'the last name of the page before')
    .action(guarded(listResourcesCommand))
  resources
    .command('rotate <name>')
    .description('give a resource a new key; the one before works for 24 hours more')
    .option('--now', 'the one before ends at once')
    .action(guarded(rotateResourceCommand))
  resources
    .command('revoke <name>')
    .description('end a resource and its key at once')
    .action(guarded(revokeResourceCommand))
}
