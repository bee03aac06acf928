import { createPrivateKey, type KeyObject } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { SignJWT } from 'jose'
import { Refusal } from '../../core/refusal.ts'

/** Seconds by which GitHub's clock may be behind ours. */
const behindSeconds = 60
/** Seconds in which the App's token has to be shown. GitHub takes at most ten minutes. */
const shownWithinSeconds = 120

/**
 * What proves to GitHub that we are the App (https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app).
 * It is good for two minutes after `at`, a lease's own beginning: a process that was held up for longer gets nothing by it.
 *
 * @param by.at seconds since 1970
 * @throws Refusal `target_refused` when the file has no private key that fits
 */
export async function appToken(by: {
  readonly app: string
  readonly keyFile: string
  readonly at: number
}): Promise<string> {
  const key = await privateKeyIn(by.keyFile)
  return new SignJWT({ iss: by.app, iat: by.at - behindSeconds, exp: by.at + shownWithinSeconds })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT' })
    .sign(key)
}

/** Read each time: a new key is used from its next lease on, and none is kept in memory. */
async function privateKeyIn(file: string): Promise<KeyObject> {
  const text = await readFile(file, 'utf8').catch(() => {
    throw new Refusal('target_refused', `the private key of the App cannot be read: ${file}`)
  })
  const key = keyIn(text)
  if (key?.asymmetricKeyType === 'rsa' && (key.asymmetricKeyDetails?.modulusLength ?? 0) >= 2_048) return key
  throw new Refusal('target_refused', `this is no private key of a GitHub App: ${file}`)
}

/** PKCS#1, as GitHub gives it, or PKCS#8. What is wrong with it is not said: the fault may repeat it. */
function keyIn(text: string): KeyObject | null {
  try {
    return createPrivateKey(text)
  } catch {
    return null
  }
}
