import type { KnownBlock } from '@slack/types'
import { type DryRun, dryRun } from '../../approvals/policy/dryRun.ts'
import { type PolicyNow, policyNow, type Whoever } from '../../approvals/policy/policyNow.ts'
import { noteRefusal } from '../../channels/noteRefusal.ts'
import { staffAt } from '../../channels/seeing.ts'
import type { Json } from '../../core/json.ts'
import { nearest } from '../../core/nearest.ts'
import { resultWithin } from '../../lifetime/limit.ts'
import type { SlackContext } from '../context.ts'
import { textFor } from '../text/answers.ts'
import { actions, button, context, mrkdwn, plain, section } from '../text/blocks.ts'
import { inline } from '../text/escape.ts'
import { listed, account as mention, time } from '../text/mrkdwn.ts'
import { inputAction } from '../windows/form.ts'
import { openModal } from '../windows/openWindow.ts'
import { dryRunWindow, policyTestForm, tried } from '../windows/policyWindows.ts'
import { noteModal } from '../windows/shell.ts'
import type { ViewSubmission } from './payloads.ts'
import { openFor, type Press } from './press.ts'
import type { SubmissionAnswer, Submitted } from './submissions.ts'
import type { Reply, Typed } from './typed.ts'

/** `/approvals policy`: which bundle judges, since when and by whom; `policy test` opens a window to try an action. */
export async function policyTyped(
  slack: SlackContext,
  { user, rest, trigger }: Typed,
): Promise<Reply | null> {
  await fullMember(slack, user)
  const word = rest.trim().toLowerCase()
  if (word === 'test') {
    const opened = await openModal(slack, trigger, async () => policyTestForm())
    return opened ? null : { text: 'Slack did not open the window; please try again.' }
  }
  if (word !== '')
    return {
      text: `${nearest(word, ['test']) ? 'Did you mean `/approvals policy test`? ' : ''}\`/approvals policy\` says which policy is active; \`/approvals policy test\` opens a window in which you see what it would say of an action.`,
    }
  const now = await policyNow(slack.ports)
  if (!now)
    return {
      text: 'No policy is active, so everything is denied. Whoever runs Countersign activates one: `countersign policy activate`.',
    }
  return { text: `${inline(now.version.name, 100)} is active.`, blocks: policyBlocks(now) }
}

/** The button below what `/approvals policy` says. */
export async function openPolicyTest(slack: SlackContext, press: Press): Promise<void> {
  await press.ack()
  await openFor(slack, press, async () => {
    await fullMember(slack, press.body.user.id)
    return policyTestForm()
  })
}

/** @throws Refusal `not_staff`, `identity_unknown`, `looked_often` */
async function fullMember(slack: SlackContext, user: string): Promise<void> {
  await staffAt(slack.ports, slack.address(user))
  slack.countLook(user)
}

function policyBlocks({ version, rules, activation }: PolicyNow): KnownBlock[] {
  const count = rules === null ? null : `${rules} ${rules === 1 ? 'rule' : 'rules'}`
  return [
    section(plain(`${version.name} is the active policy${count === null ? '' : `, with ${count}`}.`)),
    ...(count === null
      ? [
          section(
            mrkdwn(
              ':warning: This server cannot load it, so nothing is judged. Tell whoever runs Countersign.',
            ),
          ),
        ]
      : []),
    section(mrkdwn(sinceText(activation))),
    context(plain(version.digest)),
    actions('policy', [button('policy_test', 'Test an action…', 'test')]),
  ]
}

function sinceText(activation: PolicyNow['activation']): string {
  if (!activation)
    return 'When it was activated lies too far back to be shown here: `countersign policy history`.'
  const { at, by, approvedBy, brokenGlass, request } = activation
  const agreed = approvedBy.length > 0 ? `, approved by ${listed(approvedBy.map(named))}` : ''
  const broken = brokenGlass === null ? '' : `, let through by ${named(brokenGlass)}, who broke the glass`
  const asked = request === null ? '' : ` (\`${inline(request, 70)}\`)`
  return `Since ${time(at, 'day')}. Wanted by ${named(by)}${agreed}${broken}${asked}.`
}

function named({ id, account }: Whoever): string {
  return (account && mention(account)) ?? (id === 'startup' ? 'a start of the server' : inline(id, 60))
}

/** The window was sent: what the policy would say takes its place. Nothing else comes of it. */
export async function onPolicyTest(slack: SlackContext, { body, ack }: Submitted): Promise<void> {
  const running = answerTo(slack, body).catch((error: unknown): SubmissionAnswer => {
    noteRefusal(slack, 'click', { account: slack.address(body.user.id), request: null, error })
    return instead('Not possible', textFor(error, 'looking'))
  })
  const now = await resultWithin(running, slack.slowAfter)
  await ack(now ?? instead('One moment', 'This takes longer than usual. Close this, and test again.'))
}

async function answerTo(slack: SlackContext, body: ViewSubmission): Promise<SubmissionAnswer> {
  await fullMember(slack, body.user.id)
  const written = (name: keyof typeof tried) =>
    (body.view.state?.values[tried[name]]?.[inputAction]?.value ?? '').trim()
  const params = paramsIn(written('params'))
  if ('wrong' in params) return beside(tried.params, params.wrong)
  const run = await dryRun(slack.ports, {
    action: written('action'),
    resource: { type: written('type'), id: written('id') },
    environment: written('environment'),
    params: params.json,
    agent: written('agent') || null,
  })
  return shown(run)
}

function shown(run: DryRun): SubmissionAnswer {
  if (run.kind === 'said') return { response_action: 'update', view: dryRunWindow(run) }
  if (run.kind === 'no policy')
    return instead('Not possible', 'No policy is active, so everything is denied.')
  return beside(tried.action, run.says.slice(0, 1_000))
}

function paramsIn(text: string): { readonly json: Json } | { readonly wrong: string } {
  if (text === '') return { json: {} }
  try {
    const json = JSON.parse(text) as Json // a parsed edge
    const isObject = typeof json === 'object' && json !== null && !Array.isArray(json)
    return isObject ? { json } : { wrong: 'It has to be a JSON object, such as {"rows": 500}.' }
  } catch {
    return { wrong: 'This is not JSON. An object looks like {"rows": 500}.' }
  }
}

function beside(block: string, says: string): SubmissionAnswer {
  return { response_action: 'errors', errors: { [block]: says } }
}

function instead(title: string, text: string): SubmissionAnswer {
  return { response_action: 'update', view: noteModal(title, text) }
}
