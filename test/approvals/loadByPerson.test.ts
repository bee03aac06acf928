import { expect, test } from 'vitest'
import { loadByPerson } from '../../src/approvals/loadByPerson.ts'
import { DirectoryFault, NobodyThere } from '../../src/approvals/ports.ts'
import { ask, testWorld } from '../support/world.ts'

/** Of a request that asks data owners and Security, while of Security that is said. */
async function whileSecurity(fault: Error | null) {
  const world = await testWorld()
  await ask(world, 'db.export')
  const { directory } = world.ports
  const members: typeof directory.members = (source) =>
    source.ref === 'group:security' && fault ? Promise.reject(fault) : directory.members(source)
  return loadByPerson({ ...world.ports, directory: { ...directory, members } }, '2000-01-01T00:00:00.000Z')
}

test('unknown is not nobody: a group that cannot be looked up is named, and the others are counted', async () => {
  const { people, unknown } = await whileSecurity(new DirectoryFault('rate_limited'))

  expect(unknown).toEqual(['group:security'])
  expect(people.map(({ account }) => account)).toContain('slack:U0BOB')
  expect(people.map(({ account }) => account)).not.toContain('slack:U0SAM')
})

test('a group of which the directory says that it is not there has nobody', async () => {
  expect((await whileSecurity(new NobodyThere('no such group'))).unknown).toEqual([])
})

test('control: where all answer, nobody is missing', async () => {
  const { people, unknown } = await whileSecurity(null)

  expect(unknown).toEqual([])
  expect(people.map(({ account }) => account)).toContain('slack:U0SAM')
})
