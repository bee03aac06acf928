/** What waits until a test lets it. */
interface Gate {
  /** Resolves when it is open, as it is at first. */
  passed(): Promise<void>
  /** Shuts it. @returns how to open it again */
  hold(): () => void
}

export function createGate(): Gate {
  let gate = Promise.resolve()
  return {
    passed: () => gate,
    hold() {
      let open = () => {}
      gate = new Promise((resolve) => {
        open = resolve
      })
      return open
    },
  }
}
