import type { ModalView } from '@slack/types'
import { z } from 'zod'
import { proseField, reasonField } from '../../card/forms/fields.ts'
import { say } from '../../card/span.ts'
import { cut, revealLine } from '../../card/text.ts'
import { saidOf } from '../../core/stop.ts'
import { mrkdwn, plain, section } from '../text/blocks.ts'
import { fieldBlock } from './form.ts'
import { label } from './shell.ts'

/** Callback ids of the windows that confirm what was typed after `/approvals`. */
export const stopWindow = 'stop_now'
export const resumeWindow = 'stop_resume'

const scope = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('agent'), agent: z.string() }),
  z.object({ kind: z.literal('action'), pattern: z.string() }),
  z.object({ kind: z.literal('everything') }),
])

/** What each window is about: ours, and signed by Slack when it comes back. */
export const aboutStop = z.object({ scope })
export const aboutResume = z.object({ stop: z.string() })

/** Says what stopping does before it is done: one wrong word in a command stops a company. */
export function stopForm(
  what: z.infer<typeof scope>,
  about: { readonly agentName: string | null; readonly reason: string },
): ModalView {
  const said = cut(revealLine(saidOf(what, about.agentName ?? undefined)), 200)
  const means = [
    '*From the moment you press Stop, at once:*',
    '• What it covers can be neither asked, approved, granted nor used, whatever the policy says.',
    '• What waits is held; people can deny it. What was approved and not used is revoked for good.',
    '• It lasts until people have resumed it: somebody else than whoever asks for that decides.',
  ]
  return {
    type: 'modal',
    callback_id: stopWindow,
    title: label('Stop'),
    close: label('Cancel'),
    submit: label('Stop'),
    private_metadata: JSON.stringify({ scope: what }),
    blocks: [
      section(plain(`Stop ${said}?`)),
      section(mrkdwn(means.join('\n'))),
      fieldBlock(
        proseField({
          name: reasonField,
          label: say`Why?`,
          hint: say`Agents, cards and the ledger say this, with your name.`,
          initial: about.reason,
        }),
      ),
    ],
  }
}

/** Says who decides. */
export function resumeForm(
  stop: string,
  about: { readonly what: string; readonly reason: string },
): ModalView {
  return {
    type: 'modal',
    callback_id: resumeWindow,
    title: label('Resume'),
    close: label('Cancel'),
    submit: label('Ask'),
    private_metadata: JSON.stringify({ stop }),
    blocks: [
      section(plain(`Ask that ${cut(revealLine(about.what), 200)} be resumed?`)),
      section(
        mrkdwn(
          'Those whom the policy wants to be asked get a card. Neither you nor anybody behind a stopped agent can approve it. Until then the stop holds.',
        ),
      ),
      fieldBlock(
        proseField({
          name: reasonField,
          label: say`Why can it go on?`,
          hint: say`The people who decide read this.`,
          initial: about.reason,
        }),
      ),
    ],
  }
}
