import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { source as axe } from 'axe-core'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { reportHtml } from '../../src/evidence/report/reportHtml.ts'
import { figuresOf } from '../evidence/report/madeRecord.ts'
import { november, seededMonth } from '../evidence/report/seededMonth.ts'
import { runCli } from '../support/cliProcess.ts'
import { sandboxTests } from './sandboxPage.ts'

const { open, dataDir } = sandboxTests()

test('from the sandbox: the report of what just happened, and the ledger verified', async () => {
  const { page, by, send, become, card, shot } = await open()
  await send('Export customers, with e-mail addresses')
  await by('conversation-C0DATA').click()
  for (const member of ['U0ALICE', 'U0BOB', 'U0PRIYA']) {
    await become(member)
    await card().locator('[data-action-id="approve"]').click()
    await by('confirm-ok').click()
  }
  await page.getByText('Approved: db.export').waitFor()
  await shot('audit-links')

  const [report] = await Promise.all([page.waitForEvent('popup'), by('audit-report').click()])
  // The newest entries have their places within a second.
  await expect
    .poll(async () => {
      await report.reload()
      return report.locator('#overview').innerText()
    })
    .toMatch(/Approved by people\s+1\s/)
  expect(await report.locator('#attention').innerText()).toContain('1 refused self-approval')

  const [verify] = await Promise.all([page.waitForEvent('popup'), by('audit-verify').click()])
  await expect.poll(() => verify.innerText('body')).toMatch(/^\d+ entries: each is what was sealed/)
})

/** The file that the command writes. */
let file: string
beforeAll(async () => {
  const directory = mkdtempSync(join(tmpdir(), 'countersign-report-'))
  file = join(directory, 'report.html')
  return () => rmSync(directory, { recursive: true })
})

async function written(...words: readonly string[]) {
  return runCli({ DATA_DIR: dataDir, NO_COLOR: '1' }, 'audit', 'report', '--out', file, ...words)
}

/** The file in a browser, in which nothing may be asked of anybody. */
async function opened(options: BrowserContextOptions): Promise<Page> {
  const { page } = await open(options)
  const asked: string[] = []
  await page.goto('about:blank') // what the sandbox had begun to ask for ends with its page
  page.on('request', (request) => asked.push(request.url()))
  await page.goto(pathToFileURL(file).href)
  onTestFinished(() => expect(asked).toEqual([pathToFileURL(file).href]))
  return page
}

describe('the file', () => {
  beforeAll(async () => {
    expect(await written('--from', '2026-01-01')).toMatchObject({ code: 0, err: '' })
  })

  test('is the same when it is written again of the same entries, and says what is wrong with a period', async () => {
    // It ends with a moment that is over: before that, it would end when it is written.
    const period = ['--from', '2026-01-01', '--to', new Date().toISOString()]
    const first = await written(...period)
    const bytes = readFileSync(file)
    const again = await written(...period)

    expect(again).toEqual(first)
    expect(readFileSync(file).equals(bytes)).toBe(true)
    expect(await written('--from', '2026-02-30')).toMatchObject({ code: 1 })
    expect(await written('--from', '2026-02-02', '--to', '2026-02-01')).toMatchObject({ code: 1 })
  })

  test('has links that lead to what they name, and back', async () => {
    const page = await opened({ viewport: { width: 1280, height: 900 } })
    const links = await page.locator('main a[data-list]').all()
    expect(links.length).toBeGreaterThan(3)

    for (const link of links) {
      const count = Number((await link.innerText()).match(/^\d+/)?.[0] ?? '1')
      await link.evaluate((one: HTMLAnchorElement) => one.click())
      const list = page.locator('.list:target')
      expect(await list.count()).toBe(1)
      expect(await list.locator('li').count()).toBeGreaterThanOrEqual(Math.min(count, 1))
      await list.locator('.back').click()
      expect(await page.locator(':target').count()).toBe(1)
    }
  })

  test.each([
    ['light', { colorScheme: 'light', viewport: { width: 1280, height: 900 } }],
    ['dark', { colorScheme: 'dark', viewport: { width: 1280, height: 900 } }],
    ['phone', { colorScheme: 'light', viewport: { width: 390, height: 844 } }],
    ['small phone', { colorScheme: 'dark', viewport: { width: 320, height: 640 } }],
  ] as const)(
    '%s: it has no fault that a program finds, and nothing to scroll sideways',
    async (name, options) => {
      const page = await opened(options)

      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(options.viewport.width)
      await page.screenshot({ path: `test-results/report-${name.replace(' ', '-')}.png`, fullPage: true })
      // Its own policy forbids scripts: the one that looks for faults is run by the browser, and not by the page.
      const found = await page.evaluate(
        `${axe}; axe.run().then(({ violations }) => violations.map(({ id, nodes }) => [id, nodes[0].html]))`,
      )
      expect(found).toEqual([])
    },
  )

  test('prints, with every table open', async () => {
    const page = await opened({ viewport: { width: 1280, height: 900 } })
    await page.emulateMedia({ media: 'print' })

    expect(await page.locator('details table tbody tr').first().isVisible()).toBe(true)
    const pdf = await page.pdf({ path: 'test-results/report.pdf', format: 'A4' })
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-')
  })
})

test('a month of a company, as the picture in the documentation shows it', async () => {
  const { record, from } = seededMonth(1_600)
  writeFileSync(file, reportHtml(figuresOf(record, { ...november, from })))

  for (const colorScheme of ['light', 'dark'] as const) {
    const page = await opened({ colorScheme, viewport: { width: 1100, height: 1250 } })
    expect(await page.locator('#attention li').count()).toBeGreaterThan(2)
    await page.screenshot({ path: `test-results/report-month-${colorScheme}.png` })
  }
})
