import { stat } from 'node:fs/promises'
import { z } from 'zod'
import { TargetFault, type TargetFinding } from '../../approvals/leases/issuer.ts'
import { Refusal } from '../../core/refusal.ts'
import { askGitHub, type GitHubAnswer, octokit } from './api.ts'
import { appToken } from './appToken.ts'
import type { GitHubTarget } from './target.ts'

const called = 'countersign doctor'

/** What leads beyond the token: it goes on when the token has ended. */
const lasting = ['administration', 'repository_hooks', 'secrets', 'workflows']

/** Whether the package is there, GitHub knows the App, and its installation has what the actions can get. */
export async function checkApp(
  target: GitHubTarget & { readonly endpoint: string },
): Promise<readonly TargetFinding[]> {
  const installed = await import('@octokit/request').then(
    () => true,
    () => false,
  )
  if (!installed) {
    const fix = `npm install ${octokit.name}@${octokit.version}, beside Countersign`
    return [{ ok: false, detail: `the package ${octokit.name} is not installed`, fix }]
  }
  try {
    const at = Math.floor(Date.now() / 1_000)
    const token = await appToken({ app: target.app, keyFile: target.private_key_file, at })
    const answer = await askGitHub(target.endpoint, {
      route: 'GET /app/installations/{installation_id}',
      authorization: `Bearer ${token}`,
      called,
      values: { installation_id: target.installation },
    })
    return [
      ...installationFindings(target, answer),
      ...(await keyFileFindings(target)),
      ...lastingFindings(target),
    ]
  } catch (fault) {
    const said = fault instanceof TargetFault || fault instanceof Refusal ? fault.message : 'no answer'
    return [{ ok: false, detail: said, fix: 'See "GitHub" in docs/credentials.md for what it needs.' }]
  }
}

const installationSchema = z.object({
  app_slug: z.string(),
  account: z.object({ login: z.string() }),
  permissions: z.record(z.string(), z.string()),
  suspended_at: z.string().nullish(),
})

function installationFindings(
  target: GitHubTarget,
  { status, body, headers }: GitHubAnswer,
): readonly TargetFinding[] {
  const { success, data: found } = installationSchema.safeParse(body)
  if (status !== 200 || !success) {
    const apart = Math.round((Date.parse(String(headers.date)) - Date.now()) / 1_000)
    const detail =
      status === 401 && Math.abs(apart) > 30
        ? `GitHub does not believe the App: its clock and ours differ by ${Math.abs(apart)} s`
        : `GitHub answered ${status} when it was asked for installation ${target.installation}`
    return [
      {
        ok: false,
        detail,
        fix: 'Compare app, private_key_file, installation and endpoint with the settings of the App, and the clock.',
      },
    ]
  }
  const { app_slug, account, permissions, suspended_at } = found
  const { owner } = target
  const findings: TargetFinding[] = [
    { ok: true, detail: `the GitHub App ${app_slug} at ${account.login}`, fix: null },
  ]
  if (account.login.toLowerCase() !== owner.toLowerCase())
    findings.push({
      ok: false,
      detail: `the installation is at ${account.login}, not at ${owner}`,
      fix: 'Correct owner or installation.',
    })
  if (suspended_at)
    findings.push({
      ok: false,
      detail: 'the installation is suspended',
      fix: 'Let an owner of the organization unsuspend it.',
    })
  const missing = [...target.actions].flatMap(([action, { at_most }]) =>
    [...at_most]
      .filter(([name, level]) => permissions[name] !== level && permissions[name] !== 'write')
      .map(([name, level]) => `${action} ${name}: ${level}`),
  )
  if (missing.length > 0)
    findings.push({
      ok: false,
      detail: `the installation does not have what an action could get: ${missing.join(', ')}`,
      fix: 'Give it to the App and have its owner accept that, or take it out of at_most.',
    })
  return findings
}

async function keyFileFindings({ private_key_file: file }: GitHubTarget): Promise<readonly TargetFinding[]> {
  const { mode } = await stat(file)
  if ((mode & 0o077) === 0) return []
  return [
    {
      ok: true,
      look: true,
      detail: `${file} can be read by others on this machine`,
      fix: `chmod 600 ${file}, as the user of the server`,
    },
  ]
}

function lastingFindings({ actions }: GitHubTarget): readonly TargetFinding[] {
  const found = [...actions].flatMap(([action, { at_most }]) =>
    lasting.filter((name) => at_most.get(name) === 'write').map((name) => `${action} ${name}`),
  )
  if (found.length === 0) return []
  const detail = `what a token makes with these goes on when it has ended: ${found.join(', ')}`
  return [{ ok: true, look: true, detail, fix: 'Take them out of at_most, unless the approvers know.' }]
}
