import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** Debian's packages of Go, and of the code of its checksum database. */
export const packages = 'golang-go golang-golang-x-mod-dev'

const sources = '/usr/share/gocode'

export function isThere(): boolean {
  return existsSync('/usr/bin/go') && existsSync(join(sources, 'src/golang.org/x/mod/sumdb/tlog'))
}

interface Head {
  readonly checkpoint: string
  /** Verifier key. */
  readonly key: string
}

/** What a proof is to show. */
export type Case =
  | { readonly newer: Head; readonly older: Head; readonly path: readonly Buffer[] }
  | { readonly newer: Head; readonly leaf: Buffer; readonly index: number; readonly path: readonly Buffer[] }

/** Builds main.go in a folder, without a network. Resolves to what it says of each case: empty when it is believed. */
export function sumdb(folder: string): (cases: readonly Case[]) => readonly string[] {
  const program = join(folder, 'sumdb')
  const source = new URL('main.go', import.meta.url).pathname
  execFileSync('/usr/bin/go', ['build', '-o', program, source], {
    env: {
      PATH: process.env.PATH,
      HOME: folder,
      GOCACHE: join(folder, 'cache'),
      GOPATH: sources,
      GO111MODULE: 'off',
      GOPROXY: 'off',
      CGO_ENABLED: '0',
    },
  })
  return (cases) => {
    const input = JSON.stringify(
      cases.map((one) => ({
        ...one,
        ...('leaf' in one && { leaf: one.leaf.toString('base64') }),
        path: one.path.map((hash) => hash.toString('base64')),
      })),
    )
    return JSON.parse(execFileSync(program, { input, encoding: 'utf8' }))
  }
}
