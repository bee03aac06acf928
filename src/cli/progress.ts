/** Counts on a terminal, and nowhere else; what is waited for is said everywhere. */
export function progressOn(stream: NodeJS.WriteStream) {
  const clear = stream.isTTY ? '\r\u001b[K' : ''
  const waits = (why: string, seconds: number) =>
    void stream.write(`${clear}! The server: ${why}. Trying again in ${seconds} s.\n`)
  if (!stream.isTTY) return { at: () => undefined, so: () => undefined, end: () => undefined, waits }
  return {
    waits,
    at: (done: number, of: number) =>
      void stream.write(`\r  ${done} of ${of} entries (${Math.floor((done * 100) / Math.max(of, 1))} %)`),
    /** Where it is not known how many there will be. */
    so: (done: number, what: string) => void stream.write(`\r  ${done.toLocaleString('en')} ${what}`),
    end: () => void stream.write('\r\u001b[K'),
  }
}
