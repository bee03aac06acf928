import { Command } from 'commander'
import { describe, expect, test } from 'vitest'
import { groups } from '../../src/cli/groups.ts'
import type { Guard } from '../../src/cli/guard.ts'

const guarded: Guard = () => async () => undefined

describe.each(groups.map((group) => [Object.keys(group.says).join(', '), group] as const))(
  '%s',
  (_, { says, load }) => {
    test('is listed as its module describes it', async () => {
      const program = new Command()
      const add = await load()
      add(program, { guarded, printing: () => async () => undefined })
      const described = program.commands.map((one) => [one.name(), one.description()])
      expect(described).toEqual(Object.entries(says))
    })
  },
)
