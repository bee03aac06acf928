import { loadKept } from '../approvals/policy/keptBundle.ts'
import type { PolicyVersion } from '../approvals/records.ts'
import { filesDigest } from '../policy/format/filesDigest.ts'
import { type Loaded, loadBundle } from '../policy/load.ts'
import type { ReadText } from '../policy/readers/outside.ts'
import { type Readiness, readyToActivate } from '../policyTools/activation/ready.ts'

/** What a start has to find out about the files in POLICY_DIR: each once, and while it waits for PostgreSQL. */
export interface PolicyAhead {
  readonly files: ReadonlyMap<string, string>
  /** For when there is nothing else to do. What fails here fails again for whoever asks. */
  readonly begin: () => void
  readonly readiness: () => Readiness
  /** Loads a version that was kept: mostly it is these files. */
  readonly load: (version: PolicyVersion) => Loaded
}

/** `isNew`: nothing was ever activated there, so the files will have to pass. Otherwise they are most likely what judges already. */
export function policyAhead(
  files: ReadonlyMap<string, string>,
  { isNew = false, readText }: { readonly isNew?: boolean; readonly readText?: ReadText | undefined } = {},
): PolicyAhead {
  const digest = once(() => filesDigest(files))
  const readiness = once(() => readyToActivate(files, readText))
  const loaded = once((): Loaded => {
    const ready = isNew ? readiness() : null
    return ready?.ok ? ready : loadBundle(files)
  })
  const begin = once(() =>
    setImmediate(() => {
      try {
        loaded()
      } catch {}
    }),
  )
  return {
    files,
    begin,
    readiness,
    load: (version) => loadKept(version, version.filesDigest === digest() ? loaded : undefined),
  }
}

/** The same answer each time; one that throws is asked again. */
function once<Answer>(ask: () => Answer): () => Answer {
  let known: { readonly answer: Answer } | null = null
  return () => {
    known ??= { answer: ask() }
    return known.answer
  }
}
