import { migrateDatabase } from '../server/compose.ts'
import { readConfig } from '../server/config.ts'
import { paint, say } from './say.ts'

/** Brings the database to this version without starting a server, for those that may not do it themselves. */
export async function migrateCommand(): Promise<number> {
  const config = readConfig()
  const { applied, role } = await migrateDatabase(config)
  say(
    applied.length === 0
      ? `${paint('green', '✓')} The tables are those of this version.`
      : `${paint('green', '✓')} Applied ${applied.length} migrations, the last of them ${applied.at(-1)}.`,
  )
  say(
    role === null
      ? '  One role does everything. With MIGRATE_DATABASE_URL a server works as a role that cannot change what is recorded: docs/operations.md.'
      : `  ${role} may serve, and can neither change nor remove what is recorded.`,
  )
  return 0
}
