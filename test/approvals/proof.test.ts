import { beforeEach, describe, expect, test } from 'vitest'
import type { Requirement } from '../../src/core/requirement.ts'
import { entriesOf, typesOf } from '../support/recorded.ts'
import { bundleWithRules } from '../support/testBundle.ts'
import { ask, click, testWorld, type World } from '../support/world.ts'

let world: World
beforeEach(async () => {
  world = await testWorld()
})

const proof = { reason: 'INC-4711 key leaked', typed: ['warehouse.users'] }

describe('an approval that needs a reason and a typed text', () => {
  test('is given with both, and the record keeps them outside the leaf', async () => {
    const request = await ask(world, 'secret.read')

    const { request: approved } = await click(world, request.id, 'U0PRIYA', proof)

    expect(approved.state).toBe('approved')
    expect(approved.decisions).toMatchObject([{ reason: proof.reason, typed: proof.typed }])
    const made = (await entriesOf(world.store, request.id, 'decision.made'))[0]
    expect(made?.blobs.map((blob) => blob.name)).toEqual(['identity', 'reason', 'typed', 'seen'])
    expect(JSON.stringify(made?.data)).not.toContain('warehouse.users')
  })

  test.each([
    ['no reason', null, 'Write at least 12 characters; these are 0.'],
    ['a short reason', 'INC-1 now', 'Write at least 12 characters; these are 9.'],
    ['spaces that make it longer', '   INC-1 now    ', 'Write at least 12 characters; these are 9.'],
    ['a reason of another form', 'because I say so', 'Begin with the number of the incident, as in INC-42.'],
  ])('is refused with %s, and says what is asked', async (_, reason, detail) => {
    const request = await ask(world, 'secret.read')

    await expect(click(world, request.id, 'U0PRIYA', { ...proof, reason })).rejects.toMatchObject({
      code: 'reason_rejected',
      problems: [{ pointer: '/reason', detail }],
    })

    expect(await world.store.request(request.id)).toMatchObject({ state: 'pending', decisions: [] })
    expect(await typesOf(world.store, request.id)).toContain('decision.refused')
  })

  test.each([
    ['nothing', []],
    ['other capitals', ['Warehouse.users']],
    ['a space too many', ['warehouse.users ']],
    ['a look-alike letter', ['warehouse.us\u0435rs']],
    ['one text too many', ['warehouse.users', 'warehouse.users']],
  ])('is refused with %s typed, and the record does not repeat it', async (_, typed) => {
    const request = await ask(world, 'secret.read')

    const refusal = click(world, request.id, 'U0PRIYA', { ...proof, typed })

    await expect(refusal).rejects.toMatchObject({
      code: 'confirmation_wrong',
      problems: [{ pointer: `/typed/${typed.length > 1 ? 1 : 0}` }],
    })
    const [line] = await entriesOf(world.store, request.id, 'decision.refused')
    expect(line?.data).toMatchObject({ kind: 'approve', code: 'confirmation_wrong' })
    expect(JSON.stringify(line)).not.toMatch(/arehouse/)
  })

  test('a denial needs only its own reason', async () => {
    const request = await ask(world, 'secret.read')

    const { request: denied } = await click(world, request.id, 'U0PRIYA', { kind: 'deny', reason: 'No.' })

    expect(denied.state).toBe('denied')
  })

  test('whoever may not decide is told so before anything about the reason', async () => {
    const request = await ask(world, 'secret.read')
    await expect(click(world, request.id, 'U0ALICE', { reason: null })).rejects.toMatchObject({
      code: 'own_request',
    })
    await expect(click(world, request.id, 'U0BOB', { reason: null })).rejects.toMatchObject({
      code: 'not_in_leg',
    })
  })

  test('control: with the demand taken out of the policy, the bare click is enough', async () => {
    world.setPolicy(
      bundleWithRules((rules) =>
        rules.replace(/\n {4}reason: \{min_length: 12.*/, '').replace(/\n {4}confirm: .*/, ''),
      ),
    )
    const request = await ask(world, 'secret.read')

    const { request: approved } = await click(world, request.id, 'U0PRIYA')

    expect(approved.state).toBe('approved')
  })
})

describe('several texts to type', () => {
  const withConfirm = async (confirm: readonly string[]) => {
    const request = await ask(world, 'deploy.start')
    return changed(request.id, { confirm })
  }

  test('are typed in their order', async () => {
    const store = await withConfirm(['web', 'prod'])
    const ports = { ...world.ports, store }
    const [request] = await store.requests({ limit: 1 })

    await expect(
      click({ ...world, ports }, request?.id ?? '', 'U0GRACE', { typed: ['prod', 'web'] }),
    ).rejects.toMatchObject({ problems: [{ pointer: '/typed/0' }, { pointer: '/typed/1' }] })
    const { request: approved } = await click({ ...world, ports }, request?.id ?? '', 'U0GRACE', {
      typed: ['web', 'prod'],
    })
    expect(approved.state).toBe('approved')
  })
})

test('a requirement that asks for a step-up is never approved without one', async () => {
  const request = await ask(world, 'deploy.start')
  const ports = { ...world.ports, store: await changed(request.id, { stepUp: true }) }

  await expect(click({ ...world, ports }, request.id, 'U0GRACE')).rejects.toMatchObject({
    code: 'step_up_unavailable',
  })
  // Denying takes nothing but a reason.
  const { request: denied } = await click({ ...world, ports }, request.id, 'U0GRACE', { kind: 'deny' })
  expect(denied.state).toBe('denied')
})

/** The world's store, in which one request was asked for with another requirement. */
async function changed(id: string, requirement: Partial<Requirement>) {
  const { store } = world
  const request = await store.request(id)
  if (!request?.requirement) throw new Error('the request asks nobody')
  const asked = { ...request.requirement, ...requirement }
  return {
    ...store,
    toldRequest: async (one: string) => {
      const found = await store.toldRequest(one)
      return found && one === id ? { ...found, request: { ...found.request, requirement: asked } } : found
    },
  }
}
