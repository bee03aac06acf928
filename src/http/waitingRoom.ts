/** Seats for calls that wait, a number of them for each agent. */
export interface WaitingRoom {
  /** Takes a seat and returns how to leave it, or null when this agent has none left. */
  sit(agent: string): (() => void) | null
}

/**
 * One agent must not hold so many calls open that others wait for sockets and look-ups (threats: flood). Who finds no
 * seat is answered at once, as if they had not asked to wait: RFC 7240 lets a server pass over a preference.
 */
export function createWaitingRoom(seats: number): WaitingRoom {
  const taken = new Map<string, number>()

  return {
    sit(agent) {
      const sitting = taken.get(agent) ?? 0
      if (sitting >= seats) return null
      taken.set(agent, sitting + 1)
      return () => {
        const left = (taken.get(agent) ?? 1) - 1
        if (left > 0) taken.set(agent, left)
        else taken.delete(agent)
      }
    },
  }
}
