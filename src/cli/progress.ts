/** Counts on a terminal, and nowhere else; what is waited for is said everywhere. */
export function progressOn(stream: NodeJS.WriteStream) {
  const clear = stream.isTTY ? '\r\u001b[K' : ''
  const waits = (why: string, seconds: number) =>
    void stream.write(`${clear}! The server: ${why}. Trying again in ${seconds} s.\n`)
  if (!stream.isTTY) return { at: () => undefined, end: () => undefined, waits }
  return {
    waits,
    at: (done: number, of: number) =>
      void stream.write(`\r  ${done} of ${of} entries (${Math.floor((done * 100) / Math.max(of, 1))} %)`),
    end: () => void stream.write('\r\u001b[K'),
  }
}
