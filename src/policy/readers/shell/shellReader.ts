import { bool, listOf, oneOf, string } from '../../conditions/valueType.ts'
import type { Reader, ReadingContext } from '../reader.ts'
import { type Running, settingPlaces, tiers } from './commandCatalogue.ts'
import { interpret } from './interpret.ts'
import { shellLimits } from './scan.ts'
import { simpleCommands } from './simpleCommands.ts'

/** Reads a command line of bash or of a POSIX shell by the catalogue of commands (docs/policy.md#commandsyaml). */
export const shellReader: Reader = {
  accepts: 'string',
  what: 'a command line',
  facts: {
    tier: oneOf({ what: 'a tier of commands.yaml', values: tiers, code: 'cel/unknown-value' }),
    programs: listOf(string),
    commands: listOf(string),
    flags: listOf(string),
    hosts: listOf(string),
    paths: listOf(string),
    contents: listOf(string),
    settings: listOf(
      oneOf({ what: 'a place of settings', values: settingPlaces, code: 'cel/unknown-value' }),
    ),
    elevated: bool,
  },
  most: { text: shellLimits.characters, items: shellLimits.words },
  read(value, context) {
    if (typeof value !== 'string') return { understood: false, why: 'It is not a text.' }
    const parsed = simpleCommands(value)
    if ('trouble' in parsed) return { understood: false, ...parsed.trouble }
    const running = runningOf(context)
    if (running === null)
      return { understood: false, why: 'Nobody has said how the commands of this agent run.' }
    const read = interpret(parsed.commands, { catalogue: context.commands, running })
    if ('trouble' in read) return { understood: false, ...read.trouble }
    const { tier, elevated, ...lists } = read.known
    const facts = unrepeated(lists)
    if (Object.values(facts).some((list) => list.length > shellLimits.words))
      return { understood: false, why: `It names more than ${shellLimits.words} things of one kind.` }
    return { understood: true, facts: { tier, elevated, ...facts } }
  },
}

/** The first entry that names the agent. */
function runningOf({ agent, commands }: ReadingContext): Running | null {
  const fits = ({ agents }: Running) =>
    agents === 'all' || (agent !== null && agents.some((one) => one.fits(agent)))
  return commands.runs.find(fits) ?? null
}

function unrepeated(lists: Readonly<Record<string, readonly string[]>>): Record<string, string[]> {
  return Object.fromEntries(Object.entries(lists).map(([name, list]) => [name, [...new Set(list)]]))
}
