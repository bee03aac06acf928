// What a user waits for, beside what this machine can do at best, all in one run. By hand, not a test.
// A figure here means something only beside the others of the same run; machines differ, and so do hours of the day.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startBare } from './bare.mjs'
import { createCompany } from './company.mjs'
import { memoryOf } from './memory.mjs'
import { startProduct } from './product.mjs'
import { atOnce, oneAfterAnother, table, timed } from './timing.mjs'

const parent = mkdtempSync(join(tmpdir(), 'countersign-bench-'))
chmodSync(parent, 0o711) // PostgreSQL's own user has to pass when this runs as root
const dataDir = join(parent, 'data')
const closers = []
const say = (text) => process.stderr.write(`${text}\n`)

const company = await createCompany()
try {
  say('starting for the first time…')
  const first = await startProduct({ dataDir, company })
  closers.push(first.stop)
  await closers.pop()()
  say('starting again…')
  const product = await startProduct({ dataDir, company })
  closers.push(product.stop)
  await new Promise((resolve) => setTimeout(resolve, 5_000)) // at rest
  const memory = await memoryOf(product.pid, dataDir)

  const agents = await product.addAgents(50)
  const bare = await startBare(dataDir)
  closers.push(bare.stop)
  const rows = []
  const both = async (name, work, samples) => {
    say(`${name}…`)
    rows.push([name, await oneAfterAnother(samples, work), await atOnce(samples * 4, 50, work)])
  }

  await both('bare Fastify route, one durable insert', (n) => timed(() => bare.insert(n)), 100)
  await both('submit to durable answer', (n) => timed(() => agents[n % 50].ask('repo.read')), 100)
  await both('click to released agent', (n) => company.clickToRelease(agents[n % 50]), 80)
  say('acknowledgements at 50 clicks a second…')
  const clicks = await company.clicksPerSecond(agents, { perSecond: 50, seconds: 6 })

  process.stdout.write(
    table({
      'Starting and resting': [
        ['', 'figure'],
        ['first start to ready', `${first.seconds.toFixed(2)} s`],
        ['second start to ready', `${product.seconds.toFixed(2)} s`],
        ['server at rest', `${memory.server} MB`],
        ['database at rest', `${memory.database} MB`],
        ['together', `${memory.server + memory.database} MB`],
      ],
      'Milliseconds (and how many times the bare route)': [
        ['', '1 agent p50', '1 agent p99', '50 agents p50', '50 agents p99'],
        ...rows.map(([name, one, many]) => [
          name,
          ...[one.p50, one.p99, many.p50, many.p99].map(besideBare(rows)),
        ]),
      ],
      'Slack acknowledgement, milliseconds, 50 clicks a second': [
        ['clicks', 'p50', 'p99', 'slowest', 'refused or unanswered'],
        [
          String(clicks.count),
          clicks.p50.toFixed(1),
          clicks.p99.toFixed(1),
          clicks.worst.toFixed(1),
          String(clicks.failed),
        ],
      ],
    }),
  )
} finally {
  for (const close of closers.reverse()) await close()
  await company.close()
  rmSync(parent, { recursive: true, force: true })
}

/** `4.1 (2.3×)`: the figure, and its ratio to the bare route's in the same column. */
function besideBare(rows) {
  return (value, column) => {
    const [, one, many] = rows[0]
    const bare = [one.p50, one.p99, many.p50, many.p99][column]
    return value === bare ? value.toFixed(1) : `${value.toFixed(1)} (${(value / bare).toFixed(1)}×)`
  }
}
