import { beforeEach, describe, expect, test } from 'vitest'
import { decideByToken } from '../../src/approvals/decideByToken.ts'
import { linkAccounts } from '../../src/approvals/people/linkAccounts.ts'
import { authenticatePerson } from '../../src/approvals/people/personalToken.ts'
import {
  type IssuedToken,
  mostTokens,
  revokeOwnToken,
  revokeToken,
  tokensOf,
} from '../../src/approvals/people/personalTokens.ts'
import { createPersonReader, type PersonalView } from '../../src/approvals/readByToken.ts'
import { claimsWorld, pressConfirm, shell } from '../support/claims.ts'
import { bundleVia, tokenOf } from '../support/portal.ts'
import { keyOf } from '../support/testDirectory.ts'
import { ask } from '../support/world.ts'

let house: Awaited<ReturnType<typeof claimsWorld>>
beforeEach(async () => {
  house = await claimsWorld()
  house.world.setPolicy(bundleVia())
})

const accountOf = (user: string) => house.ports.directory.account(keyOf(user))
const issued = (user: string, days?: number) => tokenOf(house, user, days)
const typesOf = (type: string) => house.store.ledger.filter((entry) => entry.type === type)

/** Somebody approves by this token what they were shown, as it is unless told otherwise. */
async function approve({ token }: IssuedToken, request: string, shown?: PersonalView) {
  const seen = shown ?? (await createPersonReader(house.ports).show(token, request))
  return decideByToken(
    house.ports,
    { token, request, key: null },
    {
      decision: 'approve',
      reason: null,
      typed: [],
      mayAskAgain: false,
      digest: seen.digest,
      view: seen.seenDigest,
    },
  )
}

describe('a personal token', () => {
  test('is kept as a hash, and shown once; that it was made is recorded', async () => {
    const { token, credential } = await issued('U0PRIYA')
    await house.runDue()
    const secret = credential.slice(-43)

    const kept = JSON.stringify([
      await house.store.personalTokens({ limit: 9 }),
      house.store.ledger,
      house.store.blobs,
    ])
    expect(credential).toMatch(/^csp_[0-9a-z]{26}_/)
    expect(kept).not.toContain(secret)
    expect(house.channel.said.join()).not.toContain(secret)
    expect(typesOf('approver.granted')).toMatchObject([
      {
        actor: { kind: 'person', via: 'slack', account: keyOf('U0PRIYA') },
        subject: { kind: 'token', id: token.id },
        data: { ends_at: token.endsAt },
      },
    ])
  })

  test.each([0, 31, 1.5, -1])('does not live for %s days', async (days) => {
    await expect(issued('U0PRIYA', days)).rejects.toMatchObject({ code: 'invalid_request' })
  })

  test('is for staff, and so many of one person live at once', async () => {
    house.world.directory.changeAccount('U0NOOR', { guest: true })
    await expect(issued('U0NOOR')).rejects.toMatchObject({ code: 'not_staff' })
    for (let nth = 0; nth < mostTokens; nth += 1) await issued('U0PRIYA', 1)

    await expect(issued('U0PRIYA')).rejects.toMatchObject({ code: 'too_many_tokens' })
    await expect(issued('U0SAM')).resolves.toBeDefined()
    house.world.clock.advance(86_400)
    await expect(issued('U0PRIYA')).resolves.toBeDefined()
  })

  test('in-flight: several made at once are not more than one person may have', async () => {
    for (let nth = 1; nth < mostTokens; nth += 1) await issued('U0PRIYA')

    const made = await Promise.allSettled([1, 2, 3].map(() => issued('U0PRIYA')))

    const living = await tokensOf(house.ports, await accountOf('U0PRIYA'))
    expect(living.length).toBeLessThanOrEqual(mostTokens)
    expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(living.length - (mostTokens - 1))
  })

  test('is ended by its person alone, or by the operator; once', async () => {
    const [priya, sam] = [await accountOf('U0PRIYA'), await accountOf('U0SAM')]
    const { token } = await issued('U0PRIYA')
    const revoke = { token: token.id, via: 'slack' }

    await expect(revokeOwnToken(house.ports, { ...revoke, account: sam })).rejects.toMatchObject({
      code: 'not_applicable',
    })
    expect(await tokensOf(house.ports, priya)).toHaveLength(1)
    await revokeOwnToken(house.ports, { ...revoke, account: priya })
    expect(await tokensOf(house.ports, priya)).toEqual([])

    await expect(revokeToken(house.ports, { token: token.id, via: 'cli', shell })).rejects.toMatchObject({
      code: 'not_applicable',
    })
    expect(typesOf('approver.revoked')).toMatchObject([
      { actor: { kind: 'person', via: 'slack' }, subject: { id: token.id } },
    ])
  })

  test('stands in the lists of all accounts of its person, and not of one that is only claimed', async () => {
    await issued('U0BOB')
    await linkAccounts(house.ports, {
      account: { email: 'bob@acme.test' },
      other: { email: 'sam@acme.test' },
      via: 'cli',
      shell,
    })
    const sam = await accountOf('U0SAM')
    const claimed = await tokensOf(house.ports, sam)
    const [link] = typesOf('confirmation.asked')
    await house.runDue()
    for (const user of ['U0BOB', 'U0SAM']) await pressConfirm(house, String(link?.data.confirmation), user)

    expect(claimed).toEqual([])
    expect(await tokensOf(house.ports, sam)).toHaveLength(1)
  })

  test('cannot decide on what an account that was joined since is behind', async () => {
    const { id } = await ask(house.world, 'db.export')
    const bob = await issued('U0BOB')
    const shown = await createPersonReader(house.ports).show(bob.token, id)
    await linkAccounts(house.ports, {
      account: { email: 'alice@acme.test' },
      other: { email: 'bob@acme.test' },
      via: 'cli',
      shell,
    })

    await expect(approve(bob, id, shown)).rejects.toMatchObject({ code: 'own_request' })
  })

  test('stolen-token: revoked while a decision is on its way, it decides nothing', async () => {
    const { id } = await ask(house.world, 'db.export')
    const made = await issued('U0PRIYA')
    const seen = await createPersonReader(house.ports).show(made.token, id)
    const { store } = house.ports
    let held = 0
    // The last look at the directory before the commit is when it is revoked, on another replica.
    const ports = {
      ...house.ports,
      store: {
        ...store,
        commit: async (change: Parameters<typeof store.commit>[0]) => {
          held += 1
          if (held === 1) await revokeToken(house.ports, { token: made.token.id, via: 'cli', shell })
          return store.commit(change)
        },
      },
    }

    const decision = decideByToken(
      ports,
      { token: made.token, request: id, key: null },
      {
        decision: 'approve',
        reason: null,
        typed: [],
        mayAskAgain: false,
        digest: seen.digest,
        view: seen.seenDigest,
      },
    )

    await expect(decision).rejects.toMatchObject({ code: 'unauthenticated' })
    expect((await house.store.request(id))?.decisions).toEqual([])
  })

  test('control: not revoked, the same decision counts', async () => {
    const { id } = await ask(house.world, 'db.export')

    await expect(approve(await issued('U0PRIYA'), id)).resolves.toMatchObject({ repeated: false })
  })

  test('its person is told that it was made, and once an hour that it decides', async () => {
    const made = await issued('U0PRIYA')
    const news = () => house.channel.said.filter((call) => call.startsWith('token '))
    await house.runDue()
    const decides = async () => {
      await approve(made, (await ask(house.world, 'db.export', { reason: String(news().length) })).id)
      await house.runDue()
    }
    await decides()
    await decides()
    expect(news()).toEqual([`token ${keyOf('U0PRIYA')} issued`, `token ${keyOf('U0PRIYA')} used`])

    house.world.clock.advance(3_600)
    await decides()
    await revokeToken(house.ports, { token: made.token.id, via: 'cli', shell })
    await house.runDue()

    expect(news().slice(2)).toEqual([`token ${keyOf('U0PRIYA')} used`, `token ${keyOf('U0PRIYA')} revoked`])
  })

  test('nobody hears of a token when they have left', async () => {
    await issued('U0PRIYA')
    house.world.directory.changeAccount('U0PRIYA', { active: false })
    await house.runDue()

    expect(house.channel.said.filter((call) => call.startsWith('token '))).toEqual([])
  })

  test.each([
    ['of nobody', () => `csp_${'0'.repeat(26)}_${'a'.repeat(43)}`],
    ['with another secret', (credential: string) => `${credential.slice(0, -43)}${'b'.repeat(43)}`],
    ['that is cut', (credential: string) => credential.slice(0, -1)],
    ['of another kind', (credential: string) => credential.replace('csp_', 'csk_')],
  ])('is not one %s', async (_, changed) => {
    const { credential } = await issued('U0PRIYA')

    await expect(authenticatePerson(house.ports, changed(credential))).rejects.toMatchObject({
      code: 'unauthenticated',
    })
    await expect(authenticatePerson(house.ports, credential)).resolves.toMatchObject({ status: 'active' })
  })

  test('two decisions by one token at once, about two requests, both count', async () => {
    const made = await issued('U0PRIYA')
    const requests = [
      await ask(house.world, 'db.export'),
      await ask(house.world, 'db.export', { reason: 'B' }),
    ]

    const decided = await Promise.all(requests.map(({ id }) => approve(made, id)))

    expect(decided.map(({ request }) => request.decisions.length)).toEqual([1, 1])
  })
})
