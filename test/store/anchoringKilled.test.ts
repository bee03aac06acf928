import { expect, onTestFinished, test } from 'vitest'
import { startAnchoring } from '../../src/approvals/ledger/anchors/anchoring.ts'
import { type Visit, visit } from '../../src/approvals/ledger/anchors/visit.ts'
import { sealAll } from '../../src/approvals/ledger/sealing.ts'
import { verifyLedger } from '../../src/approvals/ledger/verifyLedger.ts'
import { heldByAnchors } from '../../src/cli/anchors.ts'
import { anchorsOn } from '../../src/store/ledger/anchorsOn.ts'
import { withKeptLedger } from '../../src/store/ledger/keptLedger.ts'
import { ledgerOn } from '../../src/store/ledger/ledgerOn.ts'
import { at, sizes } from '../server/anchoredServer.ts'
import { temporaryDirectory } from '../server/serve.ts'
import { heardHealth, nobodyHears } from '../support/health.ts'
import { type Dying, dyingAt, Killed } from './dyingProcess.ts'
import { opened, silent } from './opened.ts'
import { expectWholeTree, recorded, sealed } from './sealingWorld.ts'

const nobodyWatches = { watchAll: () => () => undefined }

async function world() {
  const open = await opened()
  const signer = await sealed(open)
  const path = temporaryDirectory()
  const ours = { first: signer.name, publicKey: signer.publicKey }
  const behind: string[] = []
  const by = { ours, when: 'now', behind: (why: string) => void behind.push(why) } as const

  /** What a process does with what waits, from the first statement to the last. */
  const round = async (dying: Dying, how: Partial<Visit> = {}) => {
    const pool = dying.pool(open.pool)
    await sealAll({ ledger: ledgerOn(pool, nobodyWatches), signer })
    return visit(dying.anchor({ ...at(path), everySeconds: 0 }), { store: anchorsOn(pool), ...by, ...how })
  }
  const turnIsOver = () => open.pool.query("UPDATE anchor_turns SET until = now() - interval '1 second'")
  return { open, signer, path, ours, behind, round, turnIsOver }
}

type World = Awaited<ReturnType<typeof world>>

const alive = () => dyingAt(Number.POSITIVE_INFINITY, 'before')

/** What an auditor finds with everything that ever left the house. */
async function verified({ open, path }: World) {
  const tree = await open.anchored.tree()
  if (!tree) throw new Error('there is one')
  const held = await heldByAnchors([at(path)], tree.here)
  const wrong = await withKeptLedger({ databaseUrl: open.databaseUrl, log: silent }, async (ledger) => {
    if (!ledger) throw new Error('there is one')
    const kept = [...held.kept, ...held.older]
    return (await verifyLedger(ledger, { kept, key: null, progress: () => undefined })).wrong
  })
  return { wrong, unsound: held.unsound }
}

async function newestRow({ open }: World) {
  return (await open.anchored.newest()).get('vault')?.size
}

test.each([
  ['before', 'alone'],
  ['after', 'alone'],
  ['after', 'beside another replica'],
] as const)(
  'kill-anywhere: dead %s any step between commit, seal, sign, anchor and its row, %s: no index twice, no gap, no fork, and the next goes on',
  async (when, beside) => {
    const its = await world()
    await recorded(its.open, 2)
    const whole = alive()
    await its.round(whole)
    let entries = 2

    for (let nth = 1; nth <= whole.steps(); nth += 1) {
      await recorded(its.open, 2)
      entries += 2
      const dies = its.round(dyingAt(nth, when))
      const lives = beside === 'alone' ? null : its.round(alive())
      const [death] = await Promise.allSettled([dies, lives])
      // Beside another there may have been less to do than that.
      if (death.status === 'rejected' || beside === 'alone')
        expect(death, `step ${nth}`).toMatchObject({ status: 'rejected' })
      await its.turnIsOver()
      await its.round(alive())

      expect(await expectWholeTree(its.open.pool, its.signer)).toBe(entries)
      expect(sizes(its.path).at(-1), `the anchor after step ${nth}`).toBe(entries)
      expect(await newestRow(its), `the row after step ${nth}`).toBe(entries)
    }

    expect(its.behind).toEqual([])
    expect(await verified(its)).toEqual({ wrong: null, unsound: [] })
    expect(whole.steps(), 'control: it dies between the anchor and its row, too').toBeGreaterThan(15)
  },
)

/** Somebody has put what is new, and died before the database heard of it: their turn is not over. */
async function putAndDead(its: World) {
  const { anchor, ...rest } = alive()
  const dead: Dying = {
    ...rest,
    anchor: (one) => ({
      ...anchor(one),
      async put(...asked) {
        await one.put(...asked)
        throw new Killed('killed')
      },
    }),
    pool: (pool) =>
      new Proxy(pool, {
        get(target, name) {
          const member = Reflect.get(target, name)
          if (name === 'query')
            return (...asked: Parameters<typeof target.query>) => {
              if (String(asked[0]).startsWith('UPDATE anchor_turns')) throw new Killed('dead')
              return target.query(...asked)
            }
          return typeof member === 'function' ? member.bind(target) : member
        },
      }),
  }
  await expect(its.round(dead)).rejects.toThrow(Killed)
}

test('killed between the anchor and its row: what the anchor has is not in the database, which says so as soon as the turn of the dead is over, not a whole time later', async () => {
  const its = await world()
  await recorded(its.open, 2)
  await its.round(alive())
  await recorded(its.open, 3)
  await putAndDead(its)
  expect([sizes(its.path).at(-1), await newestRow(its)]).toEqual([5, 2])
  const health = heardHealth()
  let asked = 0
  const store: typeof its.open.anchored = {
    ...its.open.anchored,
    takeTurn: async (...turn) => {
      asked += 1
      return its.open.anchored.takeTurn(...turn)
    },
  }

  const disputed: string[] = []
  onTestFinished(
    startAnchoring({
      ...{ anchors: [at(its.path)], store, ours: its.ours, health: health.health, log: nobodyHears.log },
      behind: (why) => void its.behind.push(why),
      disputed: async (_, why) => void disputed.push(why),
      sealLast: async () => undefined,
      limits: { again: 20 },
    }),
  )
  await expect.poll(() => asked).toBeGreaterThan(2)
  expect(await newestRow(its), 'while the turn is theirs').toBe(2)
  await its.turnIsOver()

  await expect.poll(() => newestRow(its)).toBe(5)
  expect([disputed, its.behind, health.raised]).toEqual([[], [], []])
  expect(sizes(its.path)).toEqual([2, 5])
})

test('at the end the turn of another is waited for: what they put may be older; control: before the end it is left to them', async () => {
  const its = await world()
  await recorded(its.open, 2)
  const { anchored } = its.open
  const turn = await anchored.takeTurn('vault', 45)

  expect(await its.round(alive()), 'control').toMatchObject({ isOwed: true })
  expect(sizes(its.path)).toEqual([])
  let asked = 0
  const takeTurn: typeof anchored.takeTurn = async (...what) => {
    asked += 1
    if (asked === 3) await anchored.endTurn('vault', turn ?? '')
    return anchored.takeTurn(...what)
  }

  expect(await its.round(alive(), { when: 'last', store: { ...anchored, takeTurn } })).toMatchObject({
    isOwed: false,
  })
  expect(sizes(its.path)).toEqual([2])
})
