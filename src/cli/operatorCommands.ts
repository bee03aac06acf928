import type { Command } from 'commander'
import type { Guard } from './guard.ts'
import { addKeyCommand, listKeysCommand, revokeKeyCommand } from './operators.ts'
import { person } from './person.ts'

/** `countersign operators keys …` */
export function addOperatorCommands(program: Command, guarded: Guard): void {
  const operatorKeys = program
    .command('operators')
    .description('who runs commands')
    .command('keys')
    .description(
      'keys for scripts: each acts as one person, for that person’s own agents and their keys only',
    )
  operatorKeys
    .command('add')
    .description('make a key and print it, once; it works when its person has confirmed it')
    .requiredOption('--person <person>', `whom the key acts as ${person}`)
    .option('--days <days>', 'how long it works, at most 90', '30')
    .action(guarded(addKeyCommand))
  operatorKeys.command('list').description('list all keys').action(guarded(listKeysCommand))
  operatorKeys.command('revoke <id>').description('end a key at once').action(guarded(revokeKeyCommand))
}
