import type { ModalView } from '@slack/types'
import { z } from 'zod'
import type { OwnAgent } from '../../approvals/people/ownAgentActs.ts'
import { mostCounted } from '../../approvals/people/ownAgentActs.ts'
import { revokingPassages } from '../../card/ownAgents.ts'
import { blocksOf } from '../text/spans.ts'
import { label } from './shell.ts'

/** Callback id of the window in which somebody revokes an agent of theirs. */
export const revokeAgentWindow = 'agent_revoke'

/** What the window is about: ours, and signed by Slack when it comes back. */
export const aboutRevoking = z.object({ agent: z.string() })

/** Says what ends with it before it ends. `named`: some of the requests that wait, in words. */
export function revokeAgentForm(own: OwnAgent, named: readonly string[]): ModalView {
  return {
    type: 'modal',
    callback_id: revokeAgentWindow,
    title: label('Revoke an agent'),
    close: label('Cancel'),
    submit: label('Revoke'),
    private_metadata: JSON.stringify({ agent: own.agent.id }),
    blocks: blocksOf(new Map(), revokingPassages({ ...own, named, mostCounted })),
  }
}
