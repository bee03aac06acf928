import type { Command } from 'commander'
import type { Guard } from './guard.ts'
import {
  importSigningKeyCommand,
  listSigningKeysCommand,
  retireSigningKeyCommand,
  rotateSigningKeyCommand,
} from './keys.ts'

/** `countersign keys …` */
export function addKeyCommands(program: Command, guarded: Guard): void {
  const signingKeys = program.command('keys').description('keys that grants are signed with')
  signingKeys
    .command('list')
    .description('list all keys and how they stand')
    .action(guarded(listSigningKeysCommand))
  signingKeys
    .command('rotate')
    .description(
      'let the next key sign from now on, when it has been published for a day; what was signed stays good',
    )
    .option('--now', 'although verifiers may not know it yet; needs --reason')
    .option('--reason <text>', 'why that cannot wait, for the record')
    .action(guarded(rotateSigningKeyCommand))
  signingKeys
    .command('import <file>')
    .description(
      'make a key of yours the next one, which is published and signs when it has been for a day: RSA of 2048 bits or more, as PKCS#8 PEM or JWK',
    )
    .option('--activate', 'let it sign at once, although verifiers may not know it yet; needs --reason')
    .option('--reason <text>', 'why that cannot wait, for the record')
    .action(guarded(importSigningKeyCommand))
  signingKeys
    .command('retire <kid>')
    .description('end a key at once, such as one that has leaked: what it signed is not believed any more')
    .requiredOption('--reason <text>', 'why, for the record')
    .action(guarded(retireSigningKeyCommand))
}
