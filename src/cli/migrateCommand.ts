import type { Command } from 'commander'
import type { Guard } from './guard.ts'
import { migrateCommand } from './migrate.ts'

/** `countersign migrate` */
export function addMigrateCommand(program: Command, guarded: Guard): void {
  program
    .command('migrate')
    .description(
      'bring the database to this version and end; with MIGRATE_DATABASE_URL, let the role in DATABASE_URL serve',
    )
    .action(guarded(migrateCommand))
}
