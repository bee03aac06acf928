import type { Command } from 'commander'
import { doctor } from './doctor.ts'
import type { Guard } from './guard.ts'

/** `countersign doctor` */
export function addDoctorCommand(program: Command, guarded: Guard): void {
  program
    .command('doctor')
    .description('check configuration, database, policy and what Slack and Teams need; say what to fix')
    .action(guarded(doctor))
}
