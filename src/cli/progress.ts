/** Counts on a terminal, and nowhere else. */
export function progressOn(stream: NodeJS.WriteStream) {
  if (!stream.isTTY) return { at: () => undefined, end: () => undefined }
  return {
    at: (done: number, of: number) =>
      void stream.write(`\r  ${done} of ${of} entries (${Math.floor((done * 100) / Math.max(of, 1))} %)`),
    end: () => void stream.write('\r\u001b[K'),
  }
}
