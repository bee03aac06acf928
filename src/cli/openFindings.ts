import type { Finding } from '../channels/finding.ts'
import type { DatabaseSeen } from '../store/doctor.ts'

/** What somebody has to do something about, though nothing is wrong. */
export function openFindings({
  stopped,
  unconfirmed,
  shadows,
  expiring,
}: Pick<DatabaseSeen, 'stopped' | 'unconfirmed' | 'shadows' | 'expiring'>): readonly Finding[] {
  return [
    ...stoppedFindings(stopped),
    ...unconfirmedFindings(unconfirmed),
    ...expiringFindings(expiring),
    ...shadowFindings(shadows),
  ]
}

/** Its owner was told: nothing is wrong yet, and it will be. */
function expiringFindings(expiring: readonly string[]): readonly Finding[] {
  if (expiring.length === 0) return []
  const fix =
    'Its owner makes another one: /approvals agents rotate <name> in Slack, or countersign agents rotate <name>.'
  return [{ name: 'keys of agents', ok: true, look: true, detail: expiring.join('; '), fix }]
}

function stoppedFindings(stopped: readonly string[]): readonly Finding[] {
  if (stopped.length === 0) return []
  const detail = `${stopped.join(', ')}: nothing of it is asked, approved, granted or redeemed`
  const fix =
    'countersign stops says why; countersign resume <id> --by <person> --reason <text> asks somebody else.'
  return [{ name: 'stopped', ok: true, look: true, detail, fix }]
}

/** What was claimed in people's names and gives nothing yet: nothing is wrong, and somebody has to answer. */
function unconfirmedFindings(unconfirmed: readonly string[]): readonly Finding[] {
  if (unconfirmed.length === 0) return []
  const detail = `${unconfirmed.join(', ')}: claimed in somebody's name, who has not confirmed it`
  const fix =
    'They answer in the direct message that they got. Ask again: countersign agents confirm <name>, or the same command as before.'
  return [{ name: 'not confirmed', ok: true, look: true, detail, fix }]
}

/** Nothing is wrong: it only has to be known. */
function shadowFindings(shadows: readonly string[]): readonly Finding[] {
  return shadows.map((detail) => {
    const fix =
      'countersign policy shadow show says what it would change; countersign policy shadow stop ends it.'
    return { name: 'shadow', ok: true, look: true, detail, fix }
  })
}
