import { listOf, string } from '../../conditions/valueType.ts'
import type { Reader } from '../reader.ts'
import { shellLimits } from './scan.ts'
import { simpleCommands } from './simpleCommands.ts'

/** Reads a command line of bash or of a POSIX shell (docs/policy.md#commands). */
export const shellReader: Reader = {
  accepts: 'string',
  what: 'a command line',
  facts: { programs: listOf(string) },
  most: { text: shellLimits.characters, items: shellLimits.words },
  read(value) {
    if (typeof value !== 'string') return { understood: false, why: 'It is not a text.' }
    const parsed = simpleCommands(value)
    if ('trouble' in parsed) return { understood: false, ...parsed.trouble }
    return { understood: true, facts: { programs: parsed.commands.map(({ program }) => program.value) } }
  },
}
