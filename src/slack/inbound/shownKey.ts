import type { KnownBlock } from '@slack/types'
import type { Issued } from '../../approvals/people/agents.ts'
import { keyEndJobs } from '../../approvals/people/keyEnds.ts'
import { endUnshown, type OwnAct } from '../../approvals/people/ownAgentActs.ts'
import { onDay, ours, outside, say, strong } from '../../card/span.ts'
import { resultWithin } from '../../lifetime/limit.ts'
import { idIn } from '../address.ts'
import type { SlackContext } from '../context.ts'
import { context, mrkdwn, preformatted } from '../text/blocks.ts'
import { inline } from '../text/escape.ts'
import { blocksOf } from '../text/spans.ts'
import { tellPrivately } from './tell.ts'
import type { Reply, Typed } from './typed.ts'

/** Milliseconds after which an answer that Slack has not taken counts as not shown. */
const patience = 10_000

/**
 * Shows a new key to whoever made it: once, in an answer that only they see and that Slack does not keep. Nowhere else, so when Slack
 * does not take the answer, or does not say that it has, the key ends. Resolves to what is to be said then, without the key.
 */
export async function showKey(
  slack: SlackContext,
  { respond }: Pick<Typed, 'respond'>,
  shown: { readonly issued: Issued; readonly says: string; readonly act: OwnAct },
): Promise<void> {
  const { issued, says, act } = shown
  const answer = {
    response_type: 'ephemeral',
    replace_original: false,
    ...keyAnswer(slack, issued, says),
  } as const
  const taken = await resultWithin(
    respond(answer).then(
      () => ({ ok: true }),
      () => ({ ok: false }),
    ),
    patience,
  )
  if (taken?.ok) return
  // What was refused holds the key, so it is named by its id, and the error of the call is not looked at.
  slack.log.warn({ key: issued.key.id }, 'a new key could not be shown, so it ends')
  const ended = await endUnshown(slack.ports, issued, act).then(
    () => true,
    (error: unknown) => {
      slack.log.error({ err: error, key: issued.key.id }, 'a key that was not shown could not be ended')
      return false
    },
  )
  await tellPrivately(
    slack,
    { user: idIn(slack.team, act.account) ?? '', respond: null },
    unshown(issued, ended),
  )
}

function unshown({ agent }: Issued, ended: boolean): Reply {
  const name = inline(agent.name, 80)
  const means = ended
    ? `so that key has ended and \`${name}\` has none that works`
    : 'and the key could not be ended: if you see one, do not use it'
  return {
    text: `Slack did not take the answer with the new key, ${means}. Type \`/approvals agents rotate ${name}\` for another one.`,
  }
}

/** The text alone is what a notification shows: the key is not in it. */
function keyAnswer(
  slack: SlackContext,
  issued: Issued,
  says: string,
): Reply & { readonly blocks: KnownBlock[] } {
  const { agent, key, credential } = issued
  const address = slack.ports.signer.issuer
  const end =
    key.expiresAt === null ? [] : [{ line: say`It expires ${onDay(key.expiresAt)}.${ours(warned(key))}` }]
  return {
    text: `${agent.name}: its new key is shown to you once.`,
    blocks: [
      ...blocksOf(new Map(), [
        {
          line: say`${strong`${outside(agent.name, 80)}`} ${ours(says)} You are behind whatever it asks, so you can never approve it.`,
        },
        {
          line: say`Its key. It is shown only now, and only to you: put it where the agent reads its secrets.`,
        },
      ]),
      preformatted(credential),
      ...blocksOf(new Map(), [
        ...end,
        { line: say`This says whether it works, and lists what the agent has asked:` },
      ]),
      preformatted(`curl -sS '${address}/v1/requests?limit=5' -H 'Authorization: Bearer ${credential}'`),
      ...blocksOf(new Map(), [{ line: say`Callbacks to this agent’s callback_url are signed with:` }]),
      preformatted(slack.ports.outgoing.callbackSecret(key.id)),
      context(
        mrkdwn(`How to ask: docs/api.md, and \`${inline(address, 200)}/openapi.json\` on this server.`),
      ),
    ],
  }
}

/** What lives for no longer than that is told of when it is over. */
function warned(key: Issued['key']): string {
  const isWarned = keyEndJobs(key).some(({ stage }) => stage === 'soon')
  return isWarned ? ' You are told seven days before.' : ''
}
