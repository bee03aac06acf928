import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Closers } from '../../src/lifetime/closers.ts'
import { programOf, startChild } from '../world/child.ts'
import type { Company } from '../world/company.ts'

/**
 * Milliseconds of processor time that one posting and one update cost the side that calls; of a card that `company` was
 * really sent. A text says why that is not known.
 */
export async function slackCallsCost(closers: Closers, company: Company): Promise<number | string> {
  const { slack, environment } = company
  // Of a channel: people are written to directly, too.
  const argsOf = (method: string) =>
    slack.calls.findLast((call) => call.method === method && /^C/.test(String(call.args.channel)))?.args
  const [post, update] = [argsOf('chat.postMessage'), argsOf('chat.update')]
  if (!post || !update) return 'no card was posted and updated'
  const root = mkdtempSync(join(tmpdir(), 'countersign-bench-slack-'))
  closers.add('files', () => rmSync(root, { recursive: true, force: true }))
  const file = join(root, 'calls.json')
  writeFileSync(
    file,
    JSON.stringify({ apiUrl: slack.apiUrl, botToken: environment.SLACK_BOT_TOKEN, post, update }),
  )
  const child = startChild({
    command: process.execPath,
    args: [programOf('slackClient'), file, '500'],
  })
  closers.add("Slack's calls", () => child.stop())
  const [, each] = await child.says(/each (\S+) ms/)
  return Number(each)
}
