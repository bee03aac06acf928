import { readdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { Command } from 'commander'
import { expect, test } from 'vitest'
import { addAuditCommands } from '../../src/cli/auditCommands.ts'
import { addAuditorCommands } from '../../src/cli/auditorCommands.ts'
import type { Guard } from '../../src/cli/guard.ts'
import { addLedgerCommands } from '../../src/cli/ledger.ts'

const folder = 'test/golden/help'
/** Nothing is run. */
const idle: Guard = () => async () => {}

/** What auditors, and those who answer for the ledger, type; each with what it prints about itself, as wide as a terminal. */
function commands(): readonly { readonly name: string; readonly command: Command }[] {
  const program = new Command('countersign').configureOutput({
    getOutHelpWidth: () => 100,
    getOutHasColors: () => false,
  })
  for (const add of [addAuditCommands, addAuditorCommands, addLedgerCommands]) add(program, idle)
  return program.commands.flatMap((command) => below(command.name(), command))
}

function below(
  name: string,
  command: Command,
): readonly { readonly name: string; readonly command: Command }[] {
  return [{ name, command }, ...command.commands.flatMap((one) => below(`${name}-${one.name()}`, one))]
}

/** As `--help` prints it, with what stands after the list of options. */
function helpOf(command: Command): string {
  let text = ''
  const writeOut = (more: string) => {
    text += more
  }
  command.configureOutput({ writeOut })
  command.outputHelp()
  return text
}

test.each(commands())('$name --help reads as its golden file', async ({ name, command }) => {
  const text = helpOf(command)
  // Texts of ours are as wide as what is wrapped for us, but for lines that are to be copied.
  for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(120)
  await expect(text).toMatchFileSnapshot(resolve(folder, `${name}.txt`))
})

test('each golden file is of a command that there is', () => {
  expect(readdirSync(folder).sort()).toEqual(
    commands()
      .map(({ name }) => `${name}.txt`)
      .sort(),
  )
})

test('every command says in a sentence what it does, and every option what it is', () => {
  const all = commands().map(({ command }) => command)
  const described = all.flatMap((command) => [
    command.description(),
    ...command.options.map((one) => one.description),
  ])

  expect(described.length).toBeGreaterThan(40)
  for (const text of described) expect(text.length).toBeGreaterThan(10)
})
