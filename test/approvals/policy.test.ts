import { beforeEach, describe, expect, test } from 'vitest'
import { viewOf } from '../../src/approvals/inspect.ts'
import { activateApproved } from '../../src/approvals/policy/activateApproved.ts'
import { activatePolicy } from '../../src/approvals/policy/activatePolicy.ts'
import type { Ports } from '../../src/approvals/ports.ts'
import { submit } from '../../src/approvals/submit.ts'
import { filesDigest } from '../../src/policy/format/filesDigest.ts'
import { differenceOf } from '../../src/policyTools/difference/difference.ts'
import { madeRequest } from '../store/made.ts'
import { bundleFiles, testBundle } from '../support/testBundle.ts'
import { ask, click, envelope, submission } from '../support/world.ts'
import { agree, asked, guarded, looser, type PolicyHouse, policyHouse, stricter } from './policyHouse.ts'

let house: PolicyHouse
const digestOf = (files: Readonly<Record<string, string>>) => testBundle(files).digest
const activeDigest = async (ports: Ports = house.ports) => (await ports.store.activePolicy())?.digest

const faultOf = (nth: number) => new Error(`fault ${nth}`)

describe('changing the policy', () => {
  beforeEach(async () => {
    house = await policyHouse()
  })

  test('the first bundle is activated at once: there is nobody who could be asked', async () => {
    expect(await house.propose(guarded, { author: null, via: 'startup' })).toEqual({ outcome: 'activated' })
    expect(await house.propose(guarded, { author: null, via: 'startup' })).toEqual({ outcome: 'unchanged' })
  })

  test('control: a bundle that does not know the action is replaced at once', async () => {
    await house.propose(bundleFiles)

    expect(await house.propose(looser)).toEqual({ outcome: 'activated' })
    expect(await activeDigest()).toBe(digestOf(looser))
  })

  describe('of a bundle that asks for it', () => {
    beforeEach(async () => {
      await house.propose(guarded)
    })

    test('a loosening of what guards the policy shows, though no other request would feel it', async () => {
      const unguarded = {
        ...guarded,
        'rules/policy.yaml': (guarded['rules/policy.yaml'] ?? '').replace(/ {6}- \{name: platform.*\n/, ''),
      }

      const request = await asked(house, unguarded)

      expect(request.action.params).toMatchObject({ loosened: 1, rules_changed: ['policy.change'] })
      expect(request.action.params.summary).toContain('policy.activate')
    })

    test('asks its people, with what it would have done to requests of the past', async () => {
      await ask(house.world, 'db.export')
      await ask(house.world, 'repo.read')

      const request = await asked(house, looser)

      expect(request).toMatchObject({ state: 'pending', effect: 'admin', reason: 'Less friction' })
      expect(request.action).toEqual({
        action: 'policy.activate',
        resource: { type: 'policy', id: 'test' },
        environment: 'prod',
        params: {
          digest: digestOf(looser),
          base: digestOf(guarded),
          files: filesDigest(new Map(Object.entries(looser))),
          base_files: filesDigest(new Map(Object.entries(guarded))),
          loosened: 1,
          tightened: 0,
          unchanged: 2,
          rules_added: [],
          rules_removed: ['export'],
          rules_changed: [],
          other_changes: [],
          changes: expect.arrayContaining([
            '- export approvals: data 1 of owner or group:data-owners; security 1 of group:security',
          ]),
          weakens: [expect.stringContaining('The rule "export" (require_approval) was taken away')],
          tests_added: [],
          tests_removed: [],
          tests_changed: [],
          summary: expect.stringMatching(
            /^1 edit can loosen it \| Of the last 2 requests and this change itself, 1 would be judged more loosely, .* \| 1 × db.export: approvals/,
          ),
        },
      })
      expect(await activeDigest()).toBe(digestOf(guarded))
    })

    test('keeps the bundle with the request, and activates exactly that when people have agreed', async () => {
      const request = await asked(house, looser)
      expect(await house.ports.store.policyVersion(digestOf(looser))).toMatchObject({ files: looser })

      await agree(house, request)
      expect(await activateApproved(house.ports, request.id)).toBe('activated')

      expect(await activeDigest()).toBe(digestOf(looser))
    })

    test('an approval brings the job that activates, and only an approval', async () => {
      const request = await asked(house, looser)
      const jobs = (house.world.store as unknown as { jobs: ReadonlyMap<string, unknown> }).jobs // the memory store's

      await click(house.world, request.id, 'U0PRIYA')
      expect([...jobs.keys()]).not.toContain(`activate:${request.id}`)
      await click(house.world, request.id, 'U0GRACE')
      expect([...jobs.keys()]).toContain(`activate:${request.id}`)
    })

    test('the author can never agree, through whatever group', async () => {
      house.world.directory.groups.set('S0SECURITY', ['U0LEE', 'U0PRIYA'])
      const request = await asked(house, looser)

      await expect(click(house.world, request.id, 'U0LEE')).rejects.toMatchObject({ code: 'own_request' })
    })

    test('control: the same person agrees to what somebody else proposes', async () => {
      house.world.directory.groups.set('S0SECURITY', ['U0LEE', 'U0PRIYA'])
      const proposed = await house.propose(looser, { author: 'bob@acme.test' })

      const id = proposed.outcome === 'asked' ? proposed.request.id : ''
      await expect(click(house.world, id, 'U0LEE')).resolves.toMatchObject({ repeated: false })
    })

    test.each([
      [
        'denied',
        async (id: string) => void (await click(house.world, id, 'U0PRIYA', { kind: 'deny', reason: 'No.' })),
      ],
      ['not decided', async () => {}],
    ])('what is %s is not activated', async (_, decideOn) => {
      const request = await asked(house, looser)
      await decideOn(request.id)

      expect(await activateApproved(house.ports, request.id)).toBe('nothing')
      expect(await activeDigest()).toBe(digestOf(guarded))
    })

    test('the job takes effect once, however often it runs', async () => {
      const request = await asked(house, looser)
      await agree(house, request)
      await activateApproved(house.ports, request.id)
      await activatePolicy(house.ports, {
        bundle: testBundle(guarded),
        files: guarded,
        by: 'test',
        via: 'test',
      })

      expect(await activateApproved(house.ports, request.id)).not.toBe('activated')
      expect(await activeDigest()).toBe(digestOf(guarded))
    })

    test.each(['before', 'after'] as const)(
      'a fault just %s the commit activates once after a retry',
      async (when) => {
        const request = await asked(house, looser)
        await agree(house, request)
        let faults = 1
        const commit: Ports['store']['commit'] = async (change) => {
          if (faults > 0 && when === 'before') throw faultOf(faults--)
          const committed = await house.ports.store.commit(change)
          if (faults > 0) throw faultOf(faults--)
          return committed
        }
        const shaky = { ...house.ports, store: { ...house.ports.store, commit } }

        await expect(activateApproved(shaky, request.id)).rejects.toThrow('fault 1')
        await activateApproved(shaky, request.id)

        expect(await activeDigest()).toBe(digestOf(looser))
        const entries = await house.ports.store.entries(request.id)
        expect(entries.filter(({ subject }) => subject.kind === 'policy')).toHaveLength(1)
      },
    )

    test('what was compared with another policy than the active one is refused, and says so', async () => {
      const request = await asked(house, looser)
      await agree(house, request)
      await activatePolicy(house.ports, {
        bundle: testBundle(stricter),
        files: stricter,
        by: 'test',
        via: 'test',
      })

      expect(await activateApproved(house.ports, request.id)).toBe('outdated')

      expect((await viewOf(house.ports, request)).change).toBe('outdated')
      const approved = await house.ports.store.request(request.id)
      expect(approved && (await viewOf(house.ports, approved)).change).toBe('refused')
      expect(await activeDigest()).toBe(digestOf(stricter))
      const [last] = await house.ports.store.policyEntries(1)
      expect(last).toMatchObject({ type: 'policy.refused', request: request.id, data: { why: 'outdated' } })
    })

    test('the same change is not asked twice while it waits', async () => {
      const first = await asked(house, looser)
      const again = await house.propose(looser, { author: 'bob@acme.test' })

      expect(again).toMatchObject({ outcome: 'asked', created: false, request: { id: first.id } })
    })

    test('at start it is asked once, also after a denial; a person may ask again after a while', async () => {
      const start = () => house.propose(looser, { via: 'startup' })
      const first = await start()
      const id = first.outcome === 'asked' ? first.request.id : ''
      await click(house.world, id, 'U0PRIYA', { kind: 'deny', reason: 'No.' })

      expect(await start()).toMatchObject({ created: false, request: { id, state: 'denied' } })
      expect(await house.propose(looser)).toMatchObject({ request: { verdict: { code: 'cooling_down' } } })
      house.world.clock.advance(600)
      expect(await house.propose(looser)).toMatchObject({ created: true, request: { state: 'pending' } })
    })

    test('with nobody behind it, nothing is asked and nothing changes', async () => {
      expect(await house.propose(looser, { author: null, via: 'startup' })).toEqual({
        outcome: 'nobody_behind',
      })
      expect(await activeDigest()).toBe(digestOf(guarded))
    })

    test('taking the question away is itself asked', async () => {
      expect(await house.propose(bundleFiles)).toMatchObject({ outcome: 'asked' })
      expect(await activeDigest()).toBe(digestOf(guarded))
    })

    test('an agent cannot ask for it, so it cannot say what the change is', async () => {
      const forged = submission('policy.activate', { params: { digest: digestOf(looser), loosened: 0 } })

      await expect(submit(house.ports, envelope(house.world), forged)).rejects.toMatchObject({
        code: 'invalid_request',
      })
    })

    test('an approved request that did not come from the tool activates nothing', async () => {
      await asked(house, looser) // so that the bundle is kept
      const forged = madeRequest({
        action: {
          action: 'policy.activate',
          resource: { type: 'policy', id: 'test' },
          params: { digest: digestOf(looser), base: digestOf(guarded) },
          environment: 'prod',
        },
        state: 'approved',
      })
      const judgedBy = digestOf(guarded)
      await house.ports.store.commit({ request: { expected: null, next: forged }, judgedBy, entries: [] })

      expect(await activateApproved(house.ports, forged.id)).toBe('not_ours')
      expect(await activeDigest()).toBe(digestOf(guarded))
    })

    test('the record says who, who agreed, and the difference (threats: policy-change)', async () => {
      const request = await asked(house, stricter)
      await agree(house, request)
      await activateApproved(house.ports, request.id)

      const [entry] = await house.ports.store.policyEntries(1)
      const { decisions } = (await house.ports.store.request(request.id)) ?? request
      expect(entry).toMatchObject({
        type: 'policy.activated',
        request: request.id,
        subject: { kind: 'policy', id: digestOf(stricter) },
        data: {
          before: digestOf(guarded),
          by: request.initiator.person,
          approved_by: decisions.map(({ person }) => person),
          files: { count: 1, names: ['rules/more.yaml added'] },
          rules_added: { count: 1, names: ['drop'] },
        },
      })
    })
  })

  test('a great many changed rules still fit their entry, and the whole list stands beside it', async () => {
    const rules = Array.from(
      { length: 190 },
      (_, index) =>
        `- {id: ${'x'.repeat(60)}.${index}, description: A., match: {actions: [repo.read]}, verdict: allow}`,
    )
    const many = { ...bundleFiles, 'rules/many.yaml': rules.join('\n') }

    await house.propose(many)

    const [entry] = await house.ports.store.policyEntries(1)
    expect(entry?.data).toMatchObject({
      rules_added: { count: differenceOf(null, testBundle(many)).rulesAdded.length },
    })
    expect(entry?.blobs.map(({ name }) => name)).toContain('difference')
  })
})
