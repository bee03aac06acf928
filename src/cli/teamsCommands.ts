import type { Command } from 'commander'
import type { Guard } from './guard.ts'
import { packageCommand } from './teamsPackage.ts'

/** `countersign teams …` */
export function addTeamsCommands(program: Command, guarded: Guard): void {
  program
    .command('teams')
    .description('how Countersign reaches Microsoft Teams')
    .command('package')
    .description('make the app for Teams as a zip to upload, from TEAMS_APP_ID and BASE_URL')
    .option('--out <file>', 'where it is written', 'countersign-teams.zip')
    .option('--name <name>', 'what the app is called in Teams, at most 30 characters', 'Countersign')
    .option(
      '--app-version <version>',
      'higher than that of the package before: Teams takes no other',
      '1.0.0',
    )
    .option('--developer <name>', 'who answers for the app, at most 32 characters (default: its name)')
    .option('--website <url>', 'a page about it (default: BASE_URL)')
    .option('--privacy <url>', 'what becomes of what people say (default: BASE_URL)')
    .option('--terms <url>', 'terms of use (default: BASE_URL)')
    .action(guarded(packageCommand))
}
