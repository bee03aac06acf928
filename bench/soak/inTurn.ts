/** Work of one name is done one after the other, whatever becomes of it. */
export function inTurn() {
  const last = new Map<string, Promise<unknown>>()
  return <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const mine = (last.get(name) ?? Promise.resolve()).then(work, work)
    last.set(
      name,
      mine.catch(() => {}),
    )
    return mine
  }
}
