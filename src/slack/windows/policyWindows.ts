import type { InputBlock, KnownBlock, ModalView } from '@slack/types'
import type { DryRun } from '../../approvals/policy/dryRun.ts'
import { pagesOf } from '../../card/reading/pages.ts'
import { escapeHidden } from '../../core/visible.ts'
import { explanationText } from '../../policyTools/explain/explanationText.ts'
import { context, mrkdwn, plain, preformatted, section } from '../text/blocks.ts'
import { inputAction } from './form.ts'
import { label } from './shell.ts'

/** Callback id of the window in which an action is tried. */
export const policyTestWindow = 'policy_test'

/** Its inputs, by block id. */
export const tried = {
  action: 'action',
  type: 'resource_type',
  id: 'resource_id',
  environment: 'environment',
  params: 'params',
  agent: 'agent',
} as const

/** Characters that each may have; Slack takes at most 3,000. */
const longest = { action: 100, type: 100, id: 1_000, environment: 100, params: 3_000, agent: 100 } as const

/** The window in which somebody enters an action, to see what the active policy would say of it. */
export function policyTestForm(): ModalView {
  return {
    type: 'modal',
    callback_id: policyTestWindow,
    title: label('Test the policy'),
    close: label('Close'),
    submit: label('Test'),
    blocks: [
      section(mrkdwn('*A dry run*: nothing is asked, recorded, counted or done.')),
      field('action', {
        label: 'Action',
        hint: 'As the catalogue of the policy names it.',
        shows: 'db.export',
      }),
      field('type', { label: 'Kind of resource', hint: 'As agents name it.', shows: 'table' }),
      field('id', { label: 'Resource', hint: 'Its id.', shows: 'warehouse.users' }),
      field('environment', { label: 'Environment', hint: 'As agents name it.', shows: 'prod' }),
      field('params', {
        label: 'Parameters',
        hint: 'A JSON object; none when it is empty.',
        shows: '{"rows": 500}',
      }),
      field('agent', {
        label: 'Agent',
        hint: 'The name of one, when rules go by it.',
        shows: 'billing-agent',
      }),
    ],
  }
}

function field(
  name: keyof typeof tried,
  about: { readonly label: string; readonly hint: string; readonly shows: string },
): InputBlock {
  const optional = name === 'params' || name === 'agent'
  return {
    type: 'input',
    block_id: tried[name],
    ...(optional && { optional }),
    label: plain(about.label),
    hint: plain(about.hint),
    element: {
      type: 'plain_text_input',
      action_id: inputAction,
      multiline: name === 'params',
      max_length: longest[name],
      placeholder: plain(about.shows, 150),
    },
  }
}

/** Blocks of text that are shown: with the rest far below the hundred that a window has room for. */
const mostBlocks = 20

/** What the active policy would say: the verdict, the rules and what it would ask for. */
export function dryRunWindow(run: Extract<DryRun, { kind: 'said' }>): ModalView {
  const blocks = pagesOf(escapeHidden(explanationText(run.explanation, run.agent)).trimEnd()).flat()
  return {
    type: 'modal',
    callback_id: 'note',
    title: label('The policy would say'),
    close: label('Close'),
    blocks: [
      section(mrkdwn(verdictLine(run))),
      ...blocks.slice(0, mostBlocks).map(preformatted),
      ...(blocks.length > mostBlocks
        ? [context(plain('The rest is left out: countersign policy explain has all of it.'))]
        : []),
      context(
        plain(
          'A dry run: nothing was asked, recorded, counted or done. The rules knew what you entered, the inventory and the time, and nothing of who it is for, what the run has read, or what was counted before. Whether the people who are asked are there was not looked up.',
        ),
      ),
    ] satisfies KnownBlock[],
  }
}

const verdicts = {
  allow: '*Allowed*: it would go through, and nobody would be asked.',
  require_approval: '*Needs approval*: people would be asked.',
  deny: '*Denied*: it would not go through.',
} as const

const unfit =
  '*Denied, before any rule is read*: what you entered does not fit what the catalogue says of this action.'

function verdictLine({ explanation }: Extract<DryRun, { kind: 'said' }>): string {
  const { kind, code } = explanation.evaluation.verdict
  return code === 'invalid_request' ? unfit : verdicts[kind]
}
