import { readFileSync } from 'node:fs'
import { beforeEach, describe, expect, test } from 'vitest'
import { type SandboxPage, sandboxTests } from './sandboxPage.ts'

const sandbox = sandboxTests()
let at: SandboxPage
const rollback = 'Roll back, and nobody is there'

beforeEach(async () => {
  at = await sandbox.open()
})

const by = (id: string) => at.by(id)
const shot = (name: string) => at.shot(name)
const become = (member: string) => at.become(member)
const card = () => at.card()
const approve = () => card().locator('[data-action-id="approve"]')

async function send(example: string, conversation: string): Promise<void> {
  await at.send(example)
  await by(`conversation-${conversation}`).click()
}

async function approveAs(member: string): Promise<void> {
  await become(member)
  await approve().click()
  await by('confirm-ok').click()
}

describe('the first minute', () => {
  test('asked, refused as the initiator, approved by two others, and the agent is released', async () => {
    await send('Export customers, with e-mail addresses', 'C0DATA')
    await approve().waitFor()
    await shot('1-card-pending')

    await approveAs('U0ALICE')
    await by('messages').getByText('You are behind this action').waitFor()
    expect(await by('agent-state').first().textContent()).toContain('pending')
    await shot('2-refused')

    await approveAs('U0BOB')
    await at.page.getByText('Bob Okafor').nth(1).waitFor()
    await shot('3-one-of-two')
    await approveAs('U0PRIYA')

    await expect.poll(() => by('agent-state').first().textContent()).toContain('approved')
    await at.page.getByText('Approved: db.export').waitFor()
    expect(await at.page.locator('[data-action-id="approve"]').count()).toBe(0)
    await shot('4-approved')
  })

  test('denied with a reason, which the agent gets', async () => {
    await send('Export customers, with e-mail addresses', 'C0DATA')
    await become('U0BOB')
    await card().locator('[data-action-id="deny"]').click()
    await by('modal-submit').waitFor()
    await shot('5-deny-modal')
    await by('modal').locator('textarea').fill('Use the anonymised table instead.')
    await by('modal').getByLabel('People are asked again at once').check() // the tests below ask exactly this again
    await by('modal-submit').click()
    await expect.poll(() => by('agent-state').first().textContent()).toContain('denied')
    expect(await by('agent-reason').first().textContent()).toContain('Use the anonymised table instead.')
    await shot('6-denied')
  })
})

describe('the agent’s panel', () => {
  test('follows a partial approval at once, though that ends no wait', async () => {
    await send('Export customers, with e-mail addresses', 'C0DATA')
    await become('U0BOB')
    await approve().waitFor()
    const legs = () => by('agent-leg').allTextContents()
    await expect.poll(legs).toEqual(['○ data-owner: 0 of 1', '○ security: 0 of 1'])
    let longWaits = 0
    at.page.on('response', (answer) => {
      if (answer.request().headers().prefer === 'wait=25') longWaits += 1
    })

    await approve().click()
    await by('confirm-ok').click()

    await expect.poll(legs).toEqual(['● data-owner: 1 of 1', '○ security: 0 of 1'])
    expect(await by('agent-state').first().textContent()).toBe('pending')
    expect(longWaits, 'answers to the long wait, which would have told it as well').toBe(0)
  })
})

describe('escalation', () => {
  test('brings in people who could not decide before, and the thread tells it in order', async () => {
    await send(rollback, 'C0DEPLOYS')
    await become('U0OMAR')
    await approve().click()
    await by('confirm-ok').click()
    await by('messages').getByText('Only visible to you').first().waitFor()

    await become('U0SAM')
    await at.press('escalate')
    await by('modal').locator('textarea').fill('Grace is on a plane, and I wrote this release.')
    await shot('7-escalate-modal')
    await by('modal-submit').click()
    await by('modal').waitFor({ state: 'detached' })
    await card().getByText('Escalated to').waitFor()
    await shot('8-escalated')

    await approveAs('U0OMAR')
    await at.page.getByText('Approved: deploy.rollback').waitFor()
    await by('thread-link').last().click()
    await by('thread').getByText('The agent may go ahead').waitFor()
    const told = await by('thread').locator('article').allTextContents()
    const place = (words: string) => told.findIndex((text) => text.includes(words))
    const order = ['Escalated', 'omar agreed', 'The agent may go ahead'].map(place)
    expect(order).toEqual([...order].sort((a, b) => a - b))
    expect(order[0]).toBe(1) // right below the card
    expect(told[1]).toMatch(/agree for release\. sam brought them in, and says why:\s*Grace is on a plane/)
    await shot('9-escalation-thread')
  })
})

describe('a window', () => {
  test('that was open when its member left does not come back with the member', async () => {
    await send('Export customers, with e-mail addresses', 'C0DATA')
    await become('U0BOB')
    await at.press('deny')
    await by('modal').waitFor()

    await at.visit('U0BOB', 'C0DATA')
    await approve().waitFor()
    const afterReload = await by('modal').count()
    await at.press('deny')
    await by('modal').waitFor()
    await at.page.evaluate(() => {
      window.location.hash = '#as=U0SAM&in=C0DATA'
    })
    await by('modal').waitFor({ state: 'detached' })
    await become('U0BOB')
    await approve().waitFor()

    expect([afterReload, await by('modal').count()]).toEqual([0, 0])
  })
})

describe('an act that is answered late', () => {
  test('does not bring back whoever did it, with the window, when the page is somebody else by then', async () => {
    await send('Export customers, with e-mail addresses', 'C0DATA')
    await become('U0BOB')
    await approve().waitFor()
    let release = () => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    await at.page.route(
      '**/sandbox/act',
      async (route) => {
        const response = await route.fetch()
        await held
        await route.fulfill({ response })
      },
      { times: 1 },
    )
    const answered = at.page.waitForResponse('**/sandbox/act')
    await at.press('deny')
    await by('modal').waitFor()
    await at.page.evaluate(() => {
      window.location.hash = '#as=U0SAM&in=C0GENERAL'
    })
    await by('modal').waitFor({ state: 'detached' })

    release()
    await answered
    await by('composer').fill('Is anybody here?')
    await by('composer').press('Enter')
    await by('messages').getByText('Is anybody here?').waitFor()

    expect(await by('member-switcher').getAttribute('data-viewer')).toBe('U0SAM')
    expect(await by('modal').count()).toBe(0)
  })
})

describe('the page', () => {
  test('is sent compressed, and once', async () => {
    const session = await at.page.context().newCDPSession(at.page)
    await session.send('Network.enable')
    const lengths = new Map<string, number>()
    const answers: { status: number; encoding: string | undefined; path: string }[] = []
    const paths = new Map<string, string>()
    session.on('Network.responseReceived', ({ requestId, response }) => {
      const path = new URL(response.url).pathname
      paths.set(requestId, path)
      const { status, headers } = response
      answers.push({ path, status, encoding: headers['content-encoding'] ?? headers['Content-Encoding'] })
    })
    session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
      lengths.set(paths.get(requestId) ?? '', encodedDataLength)
    })
    await session.send('Network.clearBrowserCache')

    await at.page.reload()
    await by('member-switcher').waitFor()

    expect(answers.find(({ path }) => path === '/sandbox/app.js')).toMatchObject({
      status: 200,
      encoding: 'br',
    })
    const whole = readFileSync('dist/sandbox/page/app.js').length
    expect(lengths.get('/sandbox/app.js')).toBeLessThan(whole / 4)

    await at.page.reload()
    await by('member-switcher').waitFor()
    // Asked about again, and a few hundred bytes of headers came back.
    expect(lengths.get('/sandbox/app.js')).toBeLessThan(1_000)
  })
})
