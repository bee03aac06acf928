import { renderToStaticMarkup } from 'react-dom/server'
import { expect, test } from 'vitest'
import { Blocks } from '../../../src/sandbox/page/blocks/blocks.tsx'
import { SurfaceProvider } from '../../../src/sandbox/page/blocks/surface.tsx'
import { PeopleProvider, peopleOf } from '../../../src/sandbox/page/people.tsx'
import type { Block } from '../../../src/sandbox/wire.ts'
import { snapshot } from './workspace.ts'

/** What a reader sees: the markup without its tags, and the markup itself. */
function draw(...blocks: readonly Block[]): { readonly html: string; readonly seen: string } {
  const html = renderToStaticMarkup(
    <PeopleProvider people={peopleOf(snapshot())}>
      <SurfaceProvider blocks={blocks} entries={{}} onEntries={() => {}} onPress={async () => ({ ok: true })}>
        <Blocks blocks={blocks} />
      </SurfaceProvider>
    </PeopleProvider>,
  )
  const seen = html
    .replace(/<[^>]*>/g, '')
    .replace(/&(lt|gt|amp|#x27|quot);/g, (_, name: string) => entities[name] ?? '')
  return { html, seen }
}

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', '#x27': "'", quot: '"' }
const hostile = '<!channel> *APPROVED* <@U0BOB> `x` https://evil.test <https://evil.test|bank>'

test('plain_text is never markup', () => {
  const text = { type: 'plain_text', text: hostile, emoji: false }
  const { html, seen } = draw(
    { type: 'header', text },
    { type: 'section', text },
    { type: 'context', elements: [text] },
  )

  expect(seen).toBe(hostile.repeat(3))
  expect(html).not.toContain('class="mention')
  expect(html).not.toContain('<a ')
})

test('rich_text is shown character by character, entities included', () => {
  const words = `${hostile} &lt;!here&gt; :white_check_mark:`
  const { html, seen } = draw({
    type: 'rich_text',
    elements: [{ type: 'rich_text_preformatted', elements: [{ type: 'text', text: words }] }],
  })

  expect(seen).toBe(words)
  expect(html).not.toContain('class="mention')
})

test('escaped mrkdwn is text, real mentions have names', () => {
  const { html, seen } = draw({
    type: 'section',
    text: { type: 'mrkdwn', text: '&lt;!channel&gt; <@U0BOB> <!subteam^S0SEC> *bold*' },
  })

  expect(seen).toBe('<!channel> @Bob @security bold')
  expect(html).toContain('<strong>bold</strong>')
  expect(html.match(/class="mention/g)).toHaveLength(2)
})

test('mentions in rich_text have names too', () => {
  const elements = [
    { type: 'user', user_id: 'U0BOB' },
    { type: 'usergroup', usergroup_id: 'S0SEC' },
  ]

  expect(draw({ type: 'rich_text', elements: [{ type: 'rich_text_section', elements }] }).seen).toBe(
    '@Bob@security',
  )
})

test('a link with a script in it is text', () => {
  const { html } = draw({ type: 'section', text: { type: 'mrkdwn', text: '<javascript:alert(1)|click>' } })

  expect(html).not.toContain('href')
})

test('an unknown block and an unknown element say so instead of leaving a gap', () => {
  const unknownElement = { type: 'actions', elements: [{ type: 'hologram', action_id: 'x' }] }

  expect(draw({ type: 'constructor' }).seen).toContain('cannot draw this constructor')
  expect(draw(unknownElement).seen).toContain('cannot draw this hologram')
})

test('buttons carry their action id and style, and labels are never markup', () => {
  const { html } = draw({
    type: 'actions',
    block_id: 'row',
    elements: [
      {
        type: 'button',
        action_id: 'approve',
        style: 'primary',
        text: { type: 'plain_text', text: 'Yes & <go>' },
      },
    ],
  })

  expect(html).toContain('data-action-id="approve"')
  expect(html).toContain('class="button primary"')
  expect(html).toContain('Yes &amp; &lt;go&gt;')
})
