import { describe, expect, test } from 'vitest'
import { card, modes, runApp, until } from '../boltApp.ts'
import { clientOf } from '../company.ts'

describe.each(modes)('over %s', (_mode, start) => {
  test('a mention is an event, and what people type is only text', async () => {
    const texts: string[] = []
    const slack = await runApp(start, (app) =>
      app.event('app_mention', async ({ event }) => {
        texts.push(event.text)
      }),
    )

    await slack.as('U0BOB').post('C0GENERAL', '<@U0COUNTERSIGN> hello <!channel> & <https://evil.test|x>')
    await slack.as('U0BOB').post('C0GENERAL', 'no mention')
    await slack.idle()

    expect(texts).toEqual(['<@U0COUNTERSIGN> hello &lt;!channel&gt; &amp; &lt;https://evil.test|x&gt;'])
  })

  test('opening Home is an event, and Home is published with its hash', async () => {
    const slack = await runApp(start, (app) =>
      app.event('app_home_opened', async ({ event, client }) => {
        await client.views.publish({ user_id: event.user, view: { type: 'home', blocks: card } })
      }),
    )
    await slack.as('U0BOB').home()
    await until(() => slack.as('U0BOB').sees().home !== null)
    const { hash = '' } = slack.as('U0BOB').sees().home ?? {}
    const publish = (known: string) =>
      clientOf(slack).views.publish({ user_id: 'U0BOB', hash: known, view: { type: 'home', blocks: card } })

    await publish(hash)

    await expect(publish(hash)).rejects.toThrow('hash_conflict')
  })

  test('changes of people and groups are events', async () => {
    const seen: unknown[] = []
    const slack = await runApp(start, (app) => {
      app.event('user_change', async ({ event }) => {
        seen.push([event.user.id, event.user.deleted])
      })
      app.event('subteam_members_changed', async ({ event }) => {
        seen.push([event.subteam_id, event.removed_users])
      })
    })

    slack.directory.changeMember('U0BOB', { deleted: true })
    await slack.idle()
    slack.directory.removeFromGroup('S0SECURITY', 'U0PRIYA')
    await slack.idle()

    expect(seen).toEqual([
      ['U0BOB', true],
      ['S0SECURITY', ['U0PRIYA']],
    ])
  })
})
