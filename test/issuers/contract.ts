import { expect, test } from 'vitest'
import type { CredentialIssuer, IssuedCredential, LeaseAtTarget } from '../../src/approvals/leases/issuer.ts'
import type { Action } from '../../src/core/action.ts'

/** One issuer at one target, and how a test looks at it from outside. */
export interface IssuerUnderTest {
  readonly issuer: CredentialIssuer
  /** An action that it serves. */
  readonly action: Action
  /** The same with another action name, environment and resource, each of which it does not serve. */
  readonly foreign: readonly Action[]
  /** Whether a credential opens anything now. */
  readonly works: (credential: IssuedCredential['credential']) => Promise<boolean>
  /** The same target for another installation. */
  readonly ofAnother: CredentialIssuer
  /** The same, when nothing answers there. */
  readonly deaf: CredentialIssuer
}

export const inFiveMinutes = () => new Date(Date.now() + 300_000).toISOString()

/** As long as the issuer's credentials can live. */
const inTime = ({ longestSeconds }: CredentialIssuer) =>
  new Date(Date.now() + longestSeconds * 1_000).toISOString()

function leaseOf({ issuer, action }: IssuerUnderTest, id: string): LeaseAtTarget {
  return { id, about: issuer.plan(id, action) }
}

/** What every issuer promises (`src/approvals/leases/issuer.ts`). */
export function keepsIssuerContract(open: () => Promise<IssuerUnderTest>): void {
  test('serves what it is configured for, and plans it the same each time', async () => {
    const { issuer, action, foreign } = await open()

    expect(issuer.serves(action)).toBe(true)
    expect(foreign.map((one) => issuer.serves(one))).toEqual(foreign.map(() => false))
    expect(issuer.plan('lse_1', action)).toEqual(issuer.plan('lse_1', action))
    expect(issuer.plan('lse_1', action)).not.toEqual(issuer.plan('lse_2', action))
    for (const one of foreign) expect(() => issuer.plan('lse_1', one)).toThrow()
  })

  test('what it gives works, ends in time, and nothing secret stands in the plan', async () => {
    const it = await open()
    const lease = leaseOf(it, 'lse_1')
    const until = inTime(it.issuer)

    const issued = await it.issuer.issue(lease, until)

    expect(await it.works(issued.credential)).toBe(true)
    expect(issued.expiresAt <= until).toBe(true)
    expect(it.issuer.longestSeconds).toBeGreaterThanOrEqual(it.issuer.seconds)
    expect(Date.parse(issued.expiresAt)).toBeLessThanOrEqual(Date.now() + it.issuer.seconds * 1_000)
    const secrets = Object.values(issued.credential).filter(
      (value) => typeof value === 'string' && !JSON.stringify(lease.about).includes(value),
    )
    expect(secrets.length).toBeGreaterThan(0)
    if (it.issuer.ends === 'at once') await it.issuer.end(lease, issued.toEnd)
  })

  test('what was ended does not work, and the other one does', async () => {
    const it = await open()
    if (it.issuer.ends !== 'at once') return
    const [one, two] = [leaseOf(it, 'lse_1'), leaseOf(it, 'lse_2')]
    const [first, second] = await Promise.all(
      [one, two].map((lease) => it.issuer.issue(lease, inTime(it.issuer))),
    )

    const endings = [
      await it.issuer.end(one, first?.toEnd ?? null),
      await it.issuer.end(one, first?.toEnd ?? null),
    ]

    expect(endings).toEqual(['gone', 'gone'])
    expect(await it.works(first?.credential ?? {})).toBe(false)
    expect(await it.works(second?.credential ?? {})).toBe(true)
    await it.issuer.end(two, second?.toEnd ?? null)
    expect(await it.works(second?.credential ?? {})).toBe(false)
  })

  test('ending what never was is done at once, where the target knows what there is', async () => {
    const it = await open()
    if (it.issuer.ends !== 'at once') return
    const isKnown = (await it.issuer.list()) !== null

    expect(await it.issuer.end(leaseOf(it, 'lse_never'), null)).toBe(isKnown ? 'gone' : 'runs out')
  })

  test('lists what is out, and nothing of another installation', async () => {
    const it = await open()
    const mine = leaseOf(it, 'lse_1')
    const issued = await it.issuer.issue(mine, inTime(it.issuer))

    const listed = await it.issuer.list()

    if (listed !== null) {
      expect(listed.map(({ id }) => id)).toEqual(['lse_1'])
      expect(await it.ofAnother.list()).toEqual([])
    }
    if (it.issuer.ends !== 'at once') return
    // What the list says is enough to end it.
    for (const found of listed ?? []) await it.issuer.end(found, null)
    if (listed !== null) expect(await it.works(issued.credential)).toBe(false)
    await it.issuer.end(mine, issued.toEnd)
  })

  test('says that it does not know when nothing answers', async () => {
    const it = await open()
    const lease = leaseOf(it, 'lse_1')

    await expect(it.deaf.issue(lease, inFiveMinutes())).rejects.toMatchObject({ name: 'TargetFault' })
    if (it.issuer.ends === 'at once')
      await expect(it.deaf.end(lease, 'what ends it')).rejects.toMatchObject({ name: 'TargetFault' })
    expect((await it.deaf.check()).every(({ ok }) => !ok)).toBe(true)
  })
}
