import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { sandboxTests } from './sandboxPage.ts'
import { card, desktop, exportTitle, phone, sendAll, views, zoomed } from './sandboxViews.ts'
import { tooWide, violations } from './seenByMachines.ts'

const sandbox = sandboxTests()

beforeAll(async () => sendAll(await sandbox.open()))

describe.each([
  { where: 'on a desktop', viewport: desktop },
  { where: 'on a phone', viewport: phone },
  { where: 'at 400 %', viewport: zoomed },
] as const)('$where', ({ where, viewport }) => {
  test.each(Object.keys(views))(
    'axe finds nothing wrong with %s, and it is no wider than the page',
    async (name) => {
      const at = await sandbox.open({ viewport })

      await views[name]?.(at)

      for (const colorScheme of ['light', 'dark'] as const) {
        await at.page.emulateMedia({ colorScheme })
        await at.shot(`view ${name} ${where}, ${colorScheme}`)
        expect(await violations(at.page), colorScheme).toEqual([])
      }
      expect(await tooWide(at.page)).toEqual([])
    },
  )
})

test('control: axe finds what is taken away', async () => {
  const at = await sandbox.open()
  await views['a channel with cards']?.(at)

  await at.page.evaluate(() => {
    document.querySelector('h1')?.remove()
    document.querySelector('textarea')?.removeAttribute('aria-label')
    document.querySelector('textarea')?.removeAttribute('placeholder')
    document.documentElement.style.setProperty('--ink-2', '#b0b8b6')
  })

  const found = new Set((await violations(at.page)).map((violation) => violation.split(' ')[0]))
  expect(found).toEqual(new Set(['page-has-heading-one', 'label', 'color-contrast']))
})

test('there is one heading of the first level, and the landmarks have names', async () => {
  const at = await sandbox.open({ viewport: desktop })
  await card(at, 'U0BOB', 'C0DATA')

  expect(await at.page.getByRole('heading', { level: 1 }).allTextContents()).toEqual(['Countersign sandbox'])
  await at.page.getByRole('main').waitFor({ state: 'attached' })
  await at.page.getByRole('navigation', { name: 'Workspace' }).waitFor()
  await at.page.getByRole('complementary', { name: 'Agent' }).waitFor()
  await at.page.getByRole('region', { name: 'Messages in #data-approvals' }).waitFor()
})

describe('text of any kind never widens a card', () => {
  const word = 'W'.repeat(400)
  // An action that no catalogue knows takes any parameters, and asks. What is asked again would share a card.
  const bodyOf = (test: string) => ({
    action: 'w'.repeat(60),
    resource: { type: 'w'.repeat(60), id: `${test}${word}`.slice(0, 200) },
    params: { [word.slice(0, 60)]: word, right: `\u202e${'ي'.repeat(120)}`, wide: '一'.repeat(120) },
    environment: 'prod',
    reason: `${word} https://evil.test/${word} ${'\u200b'.repeat(20)} ${'&'.repeat(300)}`,
    initiator: { email: 'alice@acme.test' },
    run: { model: word.slice(0, 100), session: 'run-1', url: `https://agents.acme.test/${word}` },
  })

  test.each([
    ['a phone', phone],
    ['a desktop at 400 %', { width: 320, height: 800 }],
  ])('on %s', async (name, viewport) => {
    const at = await sandbox.open({ viewport })
    await at.visit('U0SAM', 'C0APPROVALS')

    await at.send(exportTitle, bodyOf(name))
    await at.column('Conversation')
    await at.card().getByText('WWWWWWWW').first().waitFor()

    await at.shot(`hostile text on ${name}`)
    expect(await tooWide(at.page)).toEqual([])
  })

  test('on a phone, wherever else it stands: the agent’s panel, confirmation, full request, list, Home, window, thread', async () => {
    const at = await sandbox.open({ viewport: phone })
    const seen = async (name: string) => {
      await at.shot(`hostile text in ${name} on a phone`)
      expect(await tooWide(at.page), name).toEqual([])
    }
    await at.visit('U0SAM', 'C0APPROVALS')
    await at.send(exportTitle, bodyOf('elsewhere'))
    await seen('the agent’s panel')

    await at.press('approve')
    await at.by('confirm').waitFor()
    await seen('the confirmation')
    await at.by('confirm-cancel').click()
    await at.choose('Full request')
    await at.by('modal').getByText('WWWWWWWW').first().waitFor()
    await seen('the full request')
    await at.page.keyboard.press('Escape')
    await at.by('modal').waitFor({ state: 'detached' })
    await at.by('composer').fill('/approvals')
    await at.by('composer').press('Enter')
    await at.by('messages').getByText('Waiting for you').waitFor()
    await seen('the list')
    await at.visit('U0SAM', 'home')
    await at.column('Conversation')
    await at.by('home').locator('button').first().waitFor()
    await seen('Home')
    await at.visit('U0SAM', 'C0APPROVALS')
    await at.column('Conversation')
    await at.press('deny')
    await at.by('modal').locator('textarea').fill(`${word} ${word}`)
    await seen('the window of a denial')
    await at.by('modal-submit').click()
    await at.by('thread-link').last().click()
    await at.by('thread').locator('article').nth(1).waitFor()
    await seen('the thread')
  })

  test('control: where words do not break, it does', async () => {
    const at = await sandbox.open({ viewport: phone })
    await card(at, 'U0BOB', 'C0DATA', 'full')

    await at.page.addStyleTag({
      content: '* { overflow-wrap: normal !important; word-break: keep-all !important }',
    })

    expect(await tooWide(at.page)).not.toEqual([])
  })
})

describe('what-you-see: no line of an action is broken by the page, so each begins as we drew it', () => {
  const words = 'SELECT customer_id, email FROM warehouse.users '
  const bodyOf = (width: number) => ({
    action: 'w.w',
    resource: { type: 'table', id: `warehouse.users${width}` },
    params: {
      sql: `-- ${'x'.repeat(30)}ok: 1\n${words.repeat(3)}`,
      tables: ['warehouse.users', 'warehouse.orders', 'w'.repeat(60)],
      deep: { a: [{ b: ['一'.repeat(60), 'ａ'.repeat(60)] }] },
    },
    environment: 'prod',
    initiator: { email: 'alice@acme.test' },
  })

  test.each([320, 360, 390])('on a phone of %i pixels', async (width) => {
    const at = await sandbox.open({ viewport: { width, height: 844 } })
    await at.visit('U0SAM', 'C0APPROVALS')

    await at.send(exportTitle, bodyOf(width))
    await at.column('Conversation')
    await at.card().getByText('xxxx').first().waitFor()
    await at.shot(`lines on ${width} pixels`)
    expect(await linesBroken(at.page)).toEqual({ drawn: 'some', broken: 0 })

    // A window's frame leaves less than a card's: there 320 pixels are too few.
    if (width === 320) return
    await at.choose('Full request')
    await at.by('modal').locator('pre').first().waitFor()
    await at.shot(`lines of the full request on ${width} pixels`)
    expect(await linesBroken(at.page)).toEqual({ drawn: 'some', broken: 0 })
  })

  test('control: in letters twice as wide, they are', async () => {
    const at = await sandbox.open({ viewport: { width: 360, height: 844 } })
    await at.visit('U0SAM', 'C0APPROVALS')
    await at.column('Conversation')
    await at.card().getByText('xxxx').first().waitFor()

    await at.page.addStyleTag({ content: 'pre { letter-spacing: 0.6em }' })

    expect((await linesBroken(at.page)).broken).toBeGreaterThan(0)
  })
})

/** How many lines of preformatted text take more than one on the screen. */
function linesBroken(page: Page): Promise<{ readonly drawn: 'some' | 'none'; readonly broken: number }> {
  return page.evaluate(() => {
    const all = [...document.querySelectorAll<HTMLElement>('pre')].filter((one) => one.checkVisibility())
    const broken = all.map((one) => {
      const { lineHeight, paddingTop, paddingBottom } = getComputedStyle(one)
      const inside = one.clientHeight - Number.parseFloat(paddingTop) - Number.parseFloat(paddingBottom)
      const lines = (one.textContent ?? '').replace(/\n$/, '').split('\n').length
      return Math.round(inside / Number.parseFloat(lineHeight)) - lines
    })
    return { drawn: all.length > 0 ? 'some' : 'none', broken: broken.reduce((sum, one) => sum + one, 0) }
  })
}
