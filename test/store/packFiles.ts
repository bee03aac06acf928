import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export const sha256 = (text: Buffer) => createHash('sha256').update(text).digest('hex')

/** The folder into which it was unpacked. */
export function unpacked(out: string): string {
  const into = `${out}.unpacked`
  mkdirSync(into)
  execFileSync('tar', ['-xzf', out, '-C', into])
  return into
}

/** Whoever changes a pack and knows what they are doing writes its list of hashes anew. */
export function summedAnew(pack: string): void {
  const listed = readFileSync(join(pack, 'SHA256SUMS'), 'utf8').trimEnd().split('\n')
  const there = new Set(readdirSync(pack, { recursive: true, encoding: 'utf8' }))
  const lines = listed.flatMap((line) => {
    const path = line.slice(66)
    return there.has(path) ? [`${sha256(readFileSync(join(pack, path)))}  ${path}\n`] : []
  })
  writeFileSync(join(pack, 'SHA256SUMS'), lines.join(''))
  const manifest = JSON.parse(readFileSync(join(pack, 'manifest.json'), 'utf8'))
  manifest.sums.sha256 = sha256(readFileSync(join(pack, 'SHA256SUMS')))
  writeFileSync(join(pack, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`)
}

/** The files of a pack as an archive again, in the order in which they were. */
export function repacked(pack: string, into: string): string {
  const out = join(into, 'again.tar.gz')
  const listed = readFileSync(join(pack, 'SHA256SUMS'), 'utf8').trimEnd().split('\n')
  const paths = [...listed.map((line) => line.slice(66)), 'SHA256SUMS', 'manifest.json']
  execFileSync('tar', ['-czf', out, '-C', pack, ...paths])
  return out
}
