import { readFileSync } from 'node:fs'
import { Session } from 'node:inspector/promises'
import { expect, onTestFinished, test } from 'vitest'
import { freshDatabase } from '../support/database.ts'
import { agentWith, exportBody, reachesEverything, serve, temporaryDirectory } from './serve.ts'
import { openWorkspace, registerAgent } from './workspace.ts'

/** The table of the docs: the files that a request passes through, in the order in which it does. */
const path = [...readFileSync('docs/architecture.md', 'utf8').matchAll(/^\| \d+ \| `([^`]+\.ts)` \|/gm)].map(
  ([, file]) => file ?? '',
)

const roomOf = (file: string) => file.split('/')[0] ?? ''

test('a request passes through about thirty files in seven rooms; the others say what things are', () => {
  const rooms = new Set(path.map(roomOf))
  for (const words of ['core', 'card']) rooms.delete(words)

  expect([...rooms]).toEqual(['http', 'approvals', 'policy', 'store', 'jobs', 'slack', 'channels'])
  expect(path.length).toBeGreaterThan(25)
  expect(path.length).toBeLessThanOrEqual(35)
  expect(new Set(path).size).toBe(path.length)
})

test('one that is asked, shown, approved and heard of really passes through each of them', async () => {
  const workspace = await openWorkspace()
  const served = await serve({
    ...workspace.environment,
    DATABASE_URL: await freshDatabase(),
    DATA_DIR: temporaryDirectory(),
  })
  workspace.deliverTo(served.url)
  await reachesEverything(served)
  const agent = agentWith(await registerAgent(served.config, 'nightly'))
  const called = await calledFiles()

  const { id } = await agent.ask(served.url, exportBody)
  const cardIn = async (member: string) => {
    const cards = () => workspace.slack.as(member).messages('C0DATA')
    await expect.poll(() => cards().length).toBe(1)
    return { conversation: 'C0DATA', ts: cards()[0]?.ts ?? '' }
  }
  const heard = agent.wait(served.url, id, 60)
  for (const member of ['U0BOB', 'U0PRIYA'])
    await workspace.slack.as(member).press(await cardIn(member), 'approve')

  expect((await heard).state).toBe('approved')
  const files = await called()
  expect(path.filter((file) => !files.has(file))).toEqual([])
})

/** From now on: which files under src/ have a function that is called. */
async function calledFiles(): Promise<() => Promise<ReadonlySet<string>>> {
  const session = new Session()
  session.connect()
  onTestFinished(() => session.disconnect())
  await session.post('Profiler.enable')
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false })
  return async () => {
    const { result } = await session.post('Profiler.takePreciseCoverage')
    const run = result.filter(({ functions }) =>
      functions.some(({ functionName, ranges }) => functionName !== '' && (ranges[0]?.count ?? 0) > 0),
    )
    return new Set(run.flatMap(({ url }) => url.match(/\/src\/(.+\.ts)$/)?.[1] ?? []))
  }
}
