import { expect, test } from 'vitest'
import { notRestorers } from '../../src/approvals/ledger/resume/restorers.ts'
import { twoPeople } from '../../src/approvals/ledger/resume/twoPeople.ts'
import { bundleFiles, testBundle } from '../support/testBundle.ts'
import { testWorld } from '../support/world.ts'

const bundleWith = (line: string) =>
  testBundle({ ...bundleFiles, 'bundle.yaml': `${bundleFiles['bundle.yaml']}${line}` })

async function world() {
  const its = await testWorld()
  const { ports } = its
  const people = (by: string, second: string) =>
    twoPeople(ports, { by: { email: `${by}@acme.test` }, second: { email: `${second}@acme.test` } })
  return { ...its, ports, people }
}

test('restorers: both of the two have to be named by the policy that is active in the database; control: without the line any two may', async () => {
  const { ports, people, setPolicy } = await world()
  const two = await people('omar', 'priya')
  const half = await people('omar', 'lee')
  setPolicy(bundleWith(''))
  expect(await notRestorers(ports, half), 'control').toEqual([])

  setPolicy(bundleWith('restorers: [group:security, user:omar]\n'))

  expect(await notRestorers(ports, two)).toEqual([])
  expect(await notRestorers(ports, half)).toEqual(['U0LEE'])
})

test('restorers: an active policy that cannot be loaded names nobody knows whom, and lets nobody; control: a database that never had one', async () => {
  const { ports, people } = await world()
  const two = await people('omar', 'priya')
  const unread = { ...ports, policy: () => null }

  await expect(notRestorers(unread, two)).rejects.toMatchObject({ code: 'not_ready' })
  const store = { ...ports.store, activeFiles: async () => null }
  await expect(notRestorers({ ...unread, store }, two), 'control').resolves.toEqual([])
})
