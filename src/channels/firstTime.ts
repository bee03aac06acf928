/** True the first time an id is seen, for the last `capacity` ids. */
export function rememberIds(capacity: number): (id: string) => boolean {
  const seen = new Set<string>()
  return (id) => {
    if (seen.has(id)) return false
    seen.add(id)
    const [oldest] = seen
    if (seen.size > capacity && oldest !== undefined) seen.delete(oldest)
    return true
  }
}
