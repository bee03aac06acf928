import type { Logger } from 'pino'
import type { Previewer } from '../approvals/previews/previewer.ts'
import { StartFault } from './startFault.ts'

/**
 * Before anything is asked of them: the logins that say what an action would touch can do nothing else. A target that does not answer is no
 * reason not to start; each preview looks again.
 *
 * @throws StartFault with everything that a login can do besides, and how it is taken from it
 */
export async function refuseMightyPreviews(previewers: readonly Previewer[], log: Logger): Promise<void> {
  const looks = await Promise.all(
    previewers.map(async ({ target, check }) => (await check()).map((finding) => ({ ...finding, target }))),
  )
  const wrong = looks.flat().filter(({ ok }) => !ok)
  for (const { target, detail, passes } of wrong)
    if (passes) log.warn({ target }, `the target cannot be asked for previews now: ${detail}`)
  const lasting = wrong.filter(({ passes }) => !passes)
  if (lasting.length === 0) return
  throw new StartFault({
    problem: `The login for previews must be able to select, and nothing else:\n${lasting.map(({ target, detail }) => `${target}: ${detail}`).join('\n')}`,
    fix: [
      ...lasting.flatMap(({ fix }) => fix ?? []),
      'Or leave "preview" out of CREDENTIALS_FILE: then there are none.',
    ].join('\n'),
  })
}
