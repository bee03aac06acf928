import { beforeEach, describe, expect, test } from 'vitest'
import { viewOf } from '../../src/approvals/inspect.ts'
import { newEntry } from '../../src/approvals/newEntry.ts'
import { enterLinkCode, linkCodeOf, sendLinkCode } from '../../src/approvals/people/linkByCode.ts'
import { policyNow } from '../../src/approvals/policy/policyNow.ts'
import { stopAsPerson } from '../../src/approvals/stops/asPerson.ts'
import { shownStops } from '../../src/approvals/stops/shown.ts'
import { claimsWorld } from '../support/claims.ts'
import { bundleFiles, testBundle } from '../support/testBundle.ts'
import { keyOf } from '../support/testDirectory.ts'
import { ask, click, elsewhere } from '../support/world.ts'

/** Bob does something; then Priya says in her channel that Bob's account is hers, too. */
let house: Awaited<ReturnType<typeof claimsWorld>>
beforeEach(async () => {
  house = await claimsWorld()
})

async function claimBob() {
  const act = { account: 'slack:U0PRIYA', via: 'slack', delivery: 'act-1' }
  return sendLinkCode(house.ports, { ...act, other: { address: 'slack:U0BOB' } })
}

describe('claimed-credit: whoever claims an account is not named for what was done by it', () => {
  test('on a card', async () => {
    const { id } = await ask(house.world, 'db.export')
    await click(house.world, id, 'U0BOB')

    await claimBob()

    expect(await namedOn(id)).toEqual([keyOf('U0BOB')])
  })

  test('not even when it is confirmed; for what they do themselves they are', async () => {
    const { id } = await ask(house.world, 'db.export')
    await click(house.world, id, 'U0BOB')
    const { confirmation } = await claimBob()
    await enterLinkCode(house.ports, {
      ...{ account: 'slack:U0PRIYA', via: 'slack', delivery: 'act-2' },
      code: linkCodeOf(house.ports, confirmation),
    })

    expect(await namedOn(id)).toEqual([keyOf('U0BOB')])
    const next = await ask(house.world, 'db.export', elsewhere('db.export'))
    await click(house.world, next.id, 'U0PRIYA')
    expect(await namedOn(next.id)).toEqual([keyOf('U0PRIYA')])
  })

  test('in the list of what is stopped', async () => {
    const bundle = `${bundleFiles['bundle.yaml']}stop: {who: [group:data-owners]}\n`
    house.world.setPolicy(testBundle({ ...bundleFiles, 'bundle.yaml': bundle }))
    const stop = await stopAsPerson(house.ports, {
      ...{ what: { kind: 'everything' }, reason: 'Looks odd', via: 'slack' },
      ...{ account: keyOf('U0BOB'), delivery: 'act-3' },
    })

    await claimBob()

    expect(await shownStops(house.store, stop ? [stop] : [])).toMatchObject([{ by: 'U0BOB' }])
  })

  test('for the policy that is active', async () => {
    const { id } = await ask(house.world, 'db.export')
    await click(house.world, id, 'U0BOB')
    const bob = (await house.store.request(id))?.decisions[0]?.person ?? ''
    const version = await house.store.activePolicy()
    const entry = newEntry(house.ports, {
      type: 'policy.activated',
      actor: { kind: 'system', id: 'startup', via: 'startup' },
      subject: { kind: 'policy', id: version?.digest ?? '' },
      data: { files_digest: version?.filesDigest ?? '', by: bob, approved_by: [], broken_glass: null },
    })
    await house.store.commit({ entries: [entry] })

    await claimBob()

    expect(await policyNow(house.ports)).toMatchObject({ activation: { by: { account: keyOf('U0BOB') } } })
  })
})

/** The accounts by which those are named who approved. */
async function namedOn(id: string) {
  const request = await house.store.request(id)
  if (!request) throw new Error('there is no such request')
  const view = await viewOf(house.ports, request)
  return view.request.decisions.map(({ person }) => view.people.get(person)?.account)
}
