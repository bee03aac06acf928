import { resolve } from 'node:path'
import { Command } from 'commander'
import { expect } from 'vitest'
import { addPolicyCommands } from '../../src/cli/policy/commands.ts'
import { type Format, formats, type Printed, type Run } from '../../src/cli/policy/printed.ts'
import { failureText } from '../../src/cli/say.ts'
import { steady } from './bundles.ts'

/**
 * Compares what a command printed with test/golden/NAME.txt, NAME.json.txt or NAME.github.txt, which hold what people and
 * programs will read. CONTRIBUTING.md says how they are renewed.
 */
export async function expectGolden(name: string, { text }: Printed, format: Format = 'text'): Promise<void> {
  const file = format === 'text' ? `${name}.txt` : `${name}.${format}.txt`
  await expect(steady(text)).toMatchFileSnapshot(resolve('test/golden', file))
}

/** The same for a command that can be printed in every format; each ends with the same exit code. */
export async function expectGoldens(
  name: string,
  exitCode: Printed['exitCode'],
  print: (format: Format) => Printed | Promise<Printed>,
): Promise<void> {
  for (const format of formats) {
    const printed = await print(format)
    await expectGolden(name, printed, format)
    expect({ format, exitCode: printed.exitCode }).toEqual({ format, exitCode })
  }
}

/** `countersign policy …` in this process, as its own options are read; a failure is what it says on standard error. */
export async function runPolicy(...words: readonly string[]): Promise<Printed> {
  let printed: Printed | undefined
  const run: Run =
    (command) =>
    async (...args) => {
      try {
        printed = await command(...args)
      } catch (error) {
        printed = { text: `${failureText(error)}\n`, exitCode: 1 }
      }
    }
  const program = new Command('countersign')
  addPolicyCommands(program, run)
  await program.parseAsync(['policy', ...words], { from: 'user' })
  if (!printed) throw new Error(`no command for: ${words.join(' ')}`)
  return printed
}
