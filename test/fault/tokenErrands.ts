import { decideByToken } from '../../src/approvals/decideByToken.ts'
import { createPersonReader } from '../../src/approvals/readByToken.ts'
import { bundleVia, tokenOf } from '../support/portal.ts'
import { ask } from '../support/world.ts'
import { type Errand, register, story } from './errand.ts'

/** A portal sends a decision again, under the same key, as long as it has no answer. */
export const tokenErrands: Readonly<Record<string, Errand>> = {
  'a decision by a personal token': {
    arrange: async ({ world }) => {
      world.setPolicy(bundleVia())
      await world.ports.renewPolicy()
      const { token } = await tokenOf(world, 'U0BOB')
      const { id } = await ask(world, 'db.export')
      const { digest, seenDigest } = await createPersonReader(world.ports).show(token, id)
      const said = { reason: null, typed: [], mayAskAgain: false, digest, view: seenDigest }
      return ({ ports }) =>
        decideByToken(ports, { token, request: id, key: 'vote' }, { decision: 'approve', ...said })
    },
    result: async (stage) => ({
      ...(await story(stage)),
      told: [...new Set(stage.channel.alarms.map((one) => one.split(' ').at(-1)))],
      register: new Set(await register(stage)),
    }),
    expected: {
      states: ['pending'],
      entries: ['request.submitted', 'decision.made'],
      told: ['issued', 'used'],
      register: new Set(['approver.granted']),
    },
  },
}
