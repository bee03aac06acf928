// Memory of the server and of its database. Shared pages count once over all processes (PSS), as Linux tells it.
import { readdirSync, readFileSync } from 'node:fs'

/** Megabytes. @throws where there is no /proc */
export async function memoryOf(serverPid, dataDir) {
  const postmaster = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .find((pid) => commandOf(pid).includes('postgres') && commandOf(pid).includes(dataDir))
  return { server: megabytes([serverPid]), database: megabytes([postmaster, ...childrenOf(postmaster)]) }
}

function megabytes(pids) {
  const kilobytes = pids.map((pid) =>
    Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0),
  )
  return Math.round(kilobytes.reduce((sum, one) => sum + one, 0) / 1024)
}

function childrenOf(pid) {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    .trim()
    .split(' ')
    .filter(Boolean)
    .map(Number)
}

function commandOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    return ''
  }
}
