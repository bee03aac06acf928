import { describe, expect, test } from 'vitest'
import { Refusal } from '../../src/core/refusal.ts'
import type { Errand } from './errand.ts'
import { errands } from './errands.ts'
import { brokenPromises, unsettled } from './promises.ts'
import { drain, openStage, type Stage } from './stage.ts'
import { type Mishap, mishaps, type Outside, trap } from './trap.ts'

/**
 * threats: kill-anywhere. Each verb meets each mishap at each of its calls to the outside, is then run again the way
 * its caller would run it, and the jobs that wait are run. The promises have to hold at every one of these moments.
 */
describe.each(Object.entries(errands))('%s', (_, errand) => {
  test('control: without a mishap it does what it is for', async () => {
    const { stage, again } = await play(errand, { nth: 0, mishap: none })

    await again()
    await drain(stage)

    expect(await brokenPromises(stage)).toEqual([])
    expect(await unsettled(stage)).toEqual([])
    expect(await errand.result(stage)).toEqual(errand.expected)
  })

  test.each(Object.entries(mishaps))('at any call: %s', async (_name, mishap) => {
    const { calls } = await play(errand, { nth: 0, mishap })

    for (let nth = 1; nth <= calls; nth += 1) {
      const { stage, again } = await play(errand, { nth, mishap })
      const crashed = await brokenPromises(stage)
      await again()
      await drain(stage)

      expect({ nth, crashed, broken: await brokenPromises(stage), left: await unsettled(stage) }).toEqual({
        nth,
        crashed: [],
        broken: [],
        left: [],
      })
      expect({ nth, result: await errand.result(stage) }).toEqual({ nth, result: errand.expected })
      expect({ nth, twice: toldTwice(stage) }).toEqual({ nth, twice: [] })
    }
    expect(calls).toBeGreaterThan(0)
  })
})

const none: Mishap = { tookEffect: true, dead: false, unknown: false }

/** Plays the errand up to its mishap. `again` is the second run, when everything works. */
async function play(errand: Errand, at: { readonly nth: number; readonly mishap: Mishap }) {
  const stage = await openStage()
  const run = await errand.arrange(stage)
  const healthy: Outside = { ports: stage.world.ports, channel: stage.channel }
  const trapped = trap(healthy, at.nth, at.mishap)
  await run(trapped).catch(ignore)
  return { stage, calls: trapped.calls(), again: () => run(healthy).catch(acceptRefusal) }
}

/** The mishap itself, or what the verb made of it. */
function ignore(): void {}

/** A refusal is an answer, also to a second attempt. */
function acceptRefusal(error: unknown): void {
  if (!(error instanceof Refusal)) throw error
}

/** Lines and reminders that stand in a thread twice: whatever dies or breaks, a line may be missing, never doubled. */
function toldTwice({ channel }: Stage): readonly string[] {
  return [channel.told, channel.reminders].flatMap((lines) =>
    lines.filter((line, index) => lines.indexOf(line) !== index),
  )
}
