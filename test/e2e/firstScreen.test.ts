import { expect, test } from 'vitest'
import { sandboxTests } from './sandboxPage.ts'
import { exportTitle, phone } from './sandboxViews.ts'

const sandbox = sandboxTests()

/** Who decides on it, and where they are asked. */
const asked = [
  { example: exportTitle, member: 'U0BOB', channel: 'C0DATA' },
  { example: 'Give a role more rights', member: 'U0GRACE', channel: 'C0SECURITY' },
  { example: 'Create an administrator’s token', member: 'U0PRIYA', channel: 'C0SECURITY' },
  { example: 'Deploy to production', member: 'U0SAM', channel: 'C0DEPLOYS' },
  { example: 'Roll back, and nobody is there', member: 'U0SAM', channel: 'C0DEPLOYS' },
] as const

test.each(asked)(
  '$example: what, where, who, what is needed, why, the exact parameters and the button are on one screen of a phone, and it is decided there',
  async ({ example, member, channel }) => {
    const at = await sandbox.open({ viewport: phone })
    await at.visit('U0ALICE', channel)
    await at.send(example)

    await at.visit(member, channel)
    await at.column('Conversation')
    const card = at.card()
    await card.waitFor()
    await at.shot(`first screen, ${example}`)
    const approve = card.locator('[data-action-id="approve"]')
    const [top, button] = [await card.boundingBox(), await approve.boundingBox()]
    const screen = await at.by('messages').evaluate((list) => list.clientHeight)
    expect((button?.y ?? Number.NaN) + (button?.height ?? 0) - (top?.y ?? 0)).toBeLessThanOrEqual(screen)

    await approve.click()
    await at.by('confirm-ok').click()
    await at.by('messages').getByText(/● /).last().waitFor()
  },
)
