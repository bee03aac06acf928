/** What waits in a thread for a file system: Node's names of such requests. */
const inThread = /^FSReq/

/** Milliseconds that a file system has to answer when everything else has ended. */
const patienceMs = 1_000

/**
 * Ends this process though something of it has not ended. An exit in order would wait for a thread that waits for a file system, for as
 * long as that hangs: then the process is killed, by itself.
 */
export function endProcess(): void {
  if (!waitsForFiles()) process.exit()
  setTimeout(() => {
    if (!waitsForFiles()) process.exit()
    process.stderr.write(
      'A file system does not answer, so this process could not end in order, and was killed.\n',
    )
    process.kill(process.pid, 'SIGKILL')
  }, patienceMs)
}

function waitsForFiles(): boolean {
  return process.getActiveResourcesInfo().some((name) => inThread.test(name))
}
