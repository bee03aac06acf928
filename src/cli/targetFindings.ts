import type { Finding } from '../channels/finding.ts'
import type { Targets } from '../server/credentialTargets.ts'

/** Each target is asked, and each login that says what an action would touch; nothing is made there. */
export async function targetFindings({ targets, previewers }: Targets): Promise<readonly Finding[]> {
  const looks = [
    ...targets.map(({ target, check }) => ({ name: `credentials ${target}`, check })),
    ...previewers.map(({ target, check }) => ({ name: `preview ${target}`, check })),
  ]
  const found = await Promise.all(
    looks.map(async ({ name, check }) => (await check()).map((finding) => ({ ...finding, name }))),
  )
  return found.flat()
}
