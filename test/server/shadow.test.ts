import { expect, test } from 'vitest'
import type { ShadowPorts } from '../../src/approvals/shadow/start.ts'
import { shownShadow, startShadowCommand, stopShadowCommand } from '../../src/cli/policy/shadow.ts'
import { withStopPorts } from '../../src/server/stopPorts.ts'
import { checkDatabase } from '../../src/store/doctor.ts'
import { directoryOf } from '../cli/bundles.ts'
import { valueIn } from '../metrics/page.ts'
import { filesIn } from '../policy/files.ts'
import { silent } from '../store/opened.ts'
import { freshDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { shadowProgram } from '../support/shadowProgram.ts'
import { agentWith, allowedBody, exportBody, serve, temporaryDirectory } from './serve.ts'
import { openWorkspace, registerAgent } from './workspace.ts'

const token = 'token-of-the-operator-of-this-test-0001'

/** The shipped policy, where exports need two of Security besides. */
function stricterDirectory(): string {
  const files = new Map(filesIn('policies'))
  files.set(
    'rules/more.yaml',
    '- {id: test.more, description: Security decides twice., match: {actions: [db.export]}, verdict: require_approval, require: {approvals: [{name: more, from: [group:security], count: 2}]}}\n',
  )
  return directoryOf(files)
}

test('two servers judge live requests beside the active policy in threads of their own, and answer as always', async () => {
  const workspace = await openWorkspace()
  const environment = {
    ...workspace.environment,
    DATABASE_URL: await freshDatabase(),
    COUNTERSIGN_SECRET: 'one-secret-for-both-replicas-of-this-test-00',
    COUNTERSIGN_METRICS_TOKEN: token,
  }
  const program = await shadowProgram()
  const start = () => serve({ ...environment, DATA_DIR: temporaryDirectory() }, { shadowProgram: program })
  const [a, b] = await Promise.all([start(), start()])
  const agent = agentWith(await registerAgent(a.config, 'nightly'))
  const within = <T>(work: (ports: ShadowPorts) => Promise<T>) => withStopPorts(a.config, work)
  const show = () => within(({ store }) => shownShadow(store, { format: 'text', now: new Date() }))
  const judged = async ({ url }: { readonly url: string }) => {
    const page = await (await fetch(`${url}/metrics`)).text()
    const of = (outcome: string) => valueIn(page, 'countersign_shadow_requests_total', { outcome }) ?? 0
    return of('unchanged') + of('tightened') + of('loosened')
  }

  expect((await show()).text).toMatch(/^No shadow has run/)
  const started = await startShadowCommand(stricterDirectory(), { for: 86_400, format: 'text' }, within)
  expect(started.text).toMatch(/judges beside the active policy from now on, and only reports/)
  await eventually(async () => expect((await show()).text.match(/: judges, 0 so far/g)).toHaveLength(2))
  expect((await show()).text).toContain('Nothing was asked yet')

  const answers = [await agent.ask(a.url, allowedBody), await agent.ask(b.url, exportBody)]
  expect(answers.map(({ state }) => state)).toEqual(['approved', 'pending'])
  await eventually(async () => expect((await judged(a)) + (await judged(b))).toBe(2))
  await eventually(async () => {
    const { text, exitCode } = await show()
    expect(text).toMatch(/unchanged 1.* · tightened 1 · loosened 0/)
    expect(text).toContain(`countersign audit request ${answers[1]?.id}`)
    expect(exitCode).toBe(0)
  })

  expect((await checkDatabase(environment.DATABASE_URL, silent)).shadows).toEqual([
    expect.stringMatching(
      /judges beside the active policy until .*Z: 0 of the requests would be judged more loosely, 1 more/,
    ),
  ])

  const stopped = await stopShadowCommand({ format: 'text' }, within)
  expect(stopped.text).toMatch(/judges no more/)
  expect((await show()).text).toMatch(/: it was stopped/)
  expect((await stopShadowCommand({ format: 'json' }, within)).text).toBe('null\n')
})
