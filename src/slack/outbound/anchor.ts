import type { WebClient } from '@slack/web-api'
import { type Anchor, AnchorFault } from '../../approvals/ledger/anchors/anchor.ts'
import { oneByOne } from '../../approvals/ledger/anchors/oneByOne.ts'
import { slackFault } from './fault.ts'
import { noUnfurls } from './posting.ts'

/** Seconds. */
const usually = 3_600
const day = 86_400

/**
 * Checkpoints as messages in a channel: people see them, and what Slack retains is theirs to compare. They are not read back: that would
 * need a scope for history (docs/audit.md).
 */
export function slackAnchor(
  client: WebClient,
  {
    name,
    every,
    channel,
  }: { readonly name: string; readonly every?: number | undefined; readonly channel: string },
): Anchor {
  const place: Parameters<typeof oneByOne>[0] = {
    async put({ checkpoint, text }) {
      const said = `Ledger ${checkpoint.origin}: ${checkpoint.size} entries. Keep this message; \`countersign audit verify --checkpoint\` takes what stands between the lines.`
      try {
        const posted = await client.chat.postMessage({
          channel,
          text: said,
          blocks: [
            { type: 'section', text: { type: 'plain_text', text: said.replaceAll('`', '') } },
            {
              type: 'rich_text',
              elements: [{ type: 'rich_text_preformatted', elements: [{ type: 'text', text: text }] }],
            },
          ],
          ...noUnfurls,
        })
        return { channel, message: posted.ts ?? null }
      } catch (error) {
        throw faultOf(channel, error)
      }
    },
    newest: null,
    ledgers: null,
    async check() {
      try {
        await client.conversations.info({ channel })
        return { ok: true, detail: `the channel ${channel} is there`, fix: null }
      } catch (error) {
        const fix = 'Invite Countersign into the channel: /invite @Countersign.'
        return { ok: false, detail: faultOf(channel, error).message, fix }
      }
    },
  }
  const times = { everySeconds: every ?? usually, againSeconds: day }
  return { name, kind: 'slack', ...times, ...oneByOne(place, { where: `Slack, in ${channel},` }) }
}

function faultOf(channel: string, error: unknown): AnchorFault {
  return new AnchorFault(`Slack did not take a message in ${channel} (${slackFault(error).code})`)
}
