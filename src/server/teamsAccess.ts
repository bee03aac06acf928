import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { TeamsAccess, TeamsCredential } from '../teams/access.ts'
import { StartFault } from './startFault.ts'
import type { TeamsConfig } from './teamsConfig.ts'

/**
 * As which app we speak with Teams, with what proves it.
 *
 * @throws StartFault when the certificate cannot be used; nothing of what stands in the file is repeated
 */
export function teamsAccessOf({ proof, ...teams }: TeamsConfig): TeamsAccess {
  return {
    ...teams,
    credential: 'secret' in proof ? { kind: 'secret', ...proof } : certificateIn(proof.certificateFile),
  }
}

const pem = /-----BEGIN ([A-Z ]+)-----[^-]+-----END \1-----/g

function certificateIn(file: string): TeamsCredential {
  const found = [...textOf(file).matchAll(pem)].map(([text, label = '']) => ({ text, label }))
  const key = found.find(({ label }) => label.endsWith('PRIVATE KEY'))
  const leaf = found.find(({ label }) => label === 'CERTIFICATE')
  if (!key || !leaf)
    throw fault(file, `has no ${key ? 'certificate' : 'private key'} in PEM; it has to have both`)
  const problem = problemOf(key.text, leaf.text)
  if (problem) throw fault(file, problem)
  return { kind: 'certificate', privateKey: key.text, certificate: leaf.text }
}

function problemOf(key: string, certificate: string): string | null {
  try {
    const privateKey = createPrivateKey(key)
    if (privateKey.asymmetricKeyType !== 'rsa') return 'has a key that is not RSA, and Entra takes no other'
    return new X509Certificate(certificate).checkPrivateKey(privateKey)
      ? null
      : 'has a private key that is not that of its certificate'
  } catch {
    return 'has a private key or a certificate that cannot be read; a key that is encrypted has to be decrypted first'
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new StartFault({
      problem: `TEAMS_CERTIFICATE_FILE names ${file}, which cannot be read.`,
      fix: 'Name a file that the server may read, with the private key and the certificate in PEM.',
      cause,
    })
  }
}

function fault(file: string, problem: string): StartFault {
  return new StartFault({
    problem: `TEAMS_CERTIFICATE_FILE, ${file}, ${problem}.`,
    fix: 'docs/teams.md, "Certificate or secret", says how both are made.',
  })
}
