import { createServer } from 'node:http'
import { chromium } from 'playwright-core'
import { test } from 'vitest'
import { createSandbox } from '../../src/sandbox/routes.ts'
import { openCompany, channelId } from './company.ts'
import { hostile } from './views.ts'

test('shots', async () => {
  const c = await openCompany()
  const sandbox = createSandbox({ slack: c.local, pageDirectory: '/work/main/dist/sandbox/page', agents: async () => ({ agents: [], examples: [] }) })
  const server = createServer((req, res) => void sandbox.handle(req, res))
  await new Promise<void>((r) => server.listen(0, '127.0.0.1', r))
  const port = (server.address() as { port: number }).port
  const a = await c.asked('db.export', { run: { model: 'claude-opus-5' }, action: { action: 'db.export', resource: { type: 'table', id: 'warehouse.users' }, params: { table: 'users', rows: 250000, columns: ['id', 'email'], destination: 's3://acme-lake-in/x' }, environment: 'prod' } } as never)
  await c.local.as('U0BOB').press(a.at, 'approve'); await c.settle(a.request.id); c.world.clock.advance(20)
  const b = await c.asked('deploy.start', { action: { action: 'deploy.start', resource: { type: 'service', id: hostile }, params: { note: hostile }, environment: 'prod' }, reason: hostile } as never)
  c.world.clock.advance(20)
  await c.asked('deploy.start', { action: { action: 'deploy.start', resource: { type: 'service', id: 'api' }, params: { q: 'x '.repeat(5000) }, environment: 'prod' } } as never)
  c.world.clock.advance(20)
  const d = await c.asked('table.drop')
  await c.local.as('U0GRACE').press(d.at, 'deny'); await new Promise((r) => setTimeout(r, 300))
  await c.local.as('U0GRACE').submit({ text: { type: 'plain_text_input', value: 'Not before the backup.' } }); await c.settle(d.request.id)
  c.world.clock.advance(20)
  await c.local.as('U0PRIYA').press(a.at, 'more', { value: `full|${a.request.id}|${a.card.id}` })
  await c.local.as('U0PRIYA').command(channelId, '/approvals')
  await c.local.as('U0PRIYA').home()
  await new Promise((r) => setTimeout(r, 500))
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] })
  const page = await browser.newPage({ viewport: { width: 1400, height: 2600 } })
  await page.goto(`http://127.0.0.1:${port}/sandbox/#as=U0SAM`)
  await page.waitForTimeout(1500)
  await page.screenshot({ path: '/tmp/shot1.png' })
  await browser.close()
  void b
  server.closeAllConnections(); server.close(); await sandbox.close(); await c.close()
}, 60000)
