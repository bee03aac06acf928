/** Resolves to an exit code: 130 when somebody ends it. A bug of `what` itself ends it in order too, with the code for that. */
export function untilInterrupted(
  what: string,
  { say, bugCode }: { readonly say: (text: string) => void; readonly bugCode: number },
): Promise<number> {
  return new Promise((resolve) => {
    const end = (why: string, code: number) => {
      say(`${why}; ending, and cleaning up`)
      resolve(code)
    }
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => end(signal, 130))
    for (const bug of ['uncaughtException', 'unhandledRejection'] as const)
      process.on(bug, (error: unknown) =>
        end(`The ${what} itself failed (${error instanceof Error ? error.stack : error})`, bugCode),
      )
    process.stdout.on('error', () => resolve(130)) // whoever read this has gone
  })
}
