import { createHash } from 'node:crypto'
import type { Pool } from 'pg'
import type { Shadow, ShadowBatch, ShadowDifference, ShadowReplica } from '../approvals/shadow/records.ts'
import type { ShadowStore } from '../approvals/shadow/shadowStore.ts'
import { type Kind, keyOf, mostExamples, shadowOutcomes } from '../policyTools/simulation/beside.ts'
import type { PrismaClient } from './prisma/client.ts'

/** So many kinds of differences are kept of one shadow. */
const mostKinds = 1_000

/** Candidates that judge beside the active bundle, and what they found. */
export function shadowsOn({ shadowReplica, shadowDifference }: PrismaClient, pool: Pool): ShadowStore {
  const shadowWhere = async (which: string): Promise<Shadow | null> => {
    const { rows } = await pool.query<Row>(`${shadowQuery} ${which} LIMIT 1`)
    return rows[0] ? shadowOf(rows[0]) : null
  }
  return {
    runningShadow: () => shadowWhere('WHERE s.ended_at IS NULL'),
    newestShadow: () => shadowWhere('ORDER BY s.ended_at IS NULL DESC, s.id DESC'),
    async shadowRecord(shadowId) {
      const [replicas, differences] = await Promise.all([
        shadowReplica.findMany({ where: { shadowId }, orderBy: [{ name: 'asc' }, { replica: 'asc' }] }),
        shadowDifference.findMany({ where: { shadowId } }),
      ])
      return {
        replicas: replicas.map((row): ShadowReplica => {
          const { replica: id, name, judges, problem, seenAt } = row
          const counts = {
            unchanged: Number(row.unchanged),
            tightened: Number(row.tightened),
            loosened: Number(row.loosened),
            failed: Number(row.failed),
            dropped: Number(row.dropped),
          }
          return { id, name, judges, problem, ...counts, seenAt: seenAt.toISOString() }
        }),
        differences: differences
          .map(({ base, kind, count, examples }): ShadowDifference => {
            return { ...(kind as unknown as Kind), base, count: Number(count), examples } // as `addToShadow` wrote it
          })
          .sort(loosenedFirst),
      }
    },
    async addToShadow(batch) {
      await pool.query(addStatement, addArguments(batch))
    },
  }
}

function loosenedFirst(left: ShadowDifference, right: ShadowDifference): number {
  const rank = ({ outcome }: Kind) => shadowOutcomes.indexOf(outcome)
  return (
    rank(left) - rank(right) ||
    right.count - left.count ||
    (left.from + left.to < right.from + right.to ? -1 : 1)
  )
}

interface Row {
  readonly id: string
  readonly version: number
  readonly files_digest: Shadow['filesDigest']
  readonly digest: Shadow['digest']
  readonly name: string
  readonly started_at: Date
  readonly ends_at: Date
  readonly ended_at: Date | null
  readonly ended_why: NonNullable<Shadow['ended']>['why'] | null
}

const shadowQuery = `
  SELECT s.id, s.version, s.files_digest, v.digest, v.name, s.started_at, s.ends_at, s.ended_at, s.ended_why
  FROM shadows s JOIN policy_versions v ON v.files_digest = s.files_digest`

function shadowOf({ id, version, files_digest, digest, name, ...row }: Row): Shadow {
  return {
    id,
    version,
    filesDigest: files_digest,
    digest,
    name,
    startedAt: row.started_at.toISOString(),
    endsAt: row.ends_at.toISOString(),
    ended: row.ended_at && row.ended_why ? { at: row.ended_at.toISOString(), why: row.ended_why } : null,
  }
}

/**
 * One statement: the counts of the replica and the kinds that they are made of. `nth` lets each batch in once. In the order of their keys,
 * so that two replicas never wait for each other.
 */
const addStatement = `
  WITH told AS (
    INSERT INTO shadow_replicas AS r
      (shadow_id, replica, name, nth, judges, problem, unchanged, tightened, loosened, failed, dropped, seen_at)
    SELECT s.id, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, clock_timestamp() FROM shadows s WHERE s.id = $1
    ON CONFLICT (shadow_id, replica) DO UPDATE SET name = excluded.name, nth = excluded.nth, judges = excluded.judges,
      problem = excluded.problem, unchanged = r.unchanged + excluded.unchanged, tightened = r.tightened + excluded.tightened,
      loosened = r.loosened + excluded.loosened, failed = r.failed + excluded.failed, dropped = r.dropped + excluded.dropped,
      seen_at = excluded.seen_at
    WHERE r.nth < excluded.nth
    RETURNING r.shadow_id
  )
  INSERT INTO shadow_differences AS d (shadow_id, key, base, kind, count, examples)
  SELECT t.shadow_id, f.key, f.base, f.kind, f.count, f.examples
  FROM told t, jsonb_to_recordset($12::jsonb) AS f (key text, base text, kind json, count bigint, examples text[])
  WHERE (SELECT count(*) FROM shadow_differences k WHERE k.shadow_id = t.shadow_id) < ${mostKinds}
    OR EXISTS (SELECT FROM shadow_differences k WHERE k.shadow_id = t.shadow_id AND k.key = f.key)
  ORDER BY f.key
  ON CONFLICT (shadow_id, key) DO UPDATE SET count = d.count + excluded.count,
    examples = (excluded.examples || d.examples)[1:${mostExamples}]`

function addArguments(batch: ShadowBatch): (string | number | boolean | null)[] {
  const { shadow, id, name, nth, judges, problem, base, found } = batch
  const { unchanged, tightened, loosened, failed, dropped } = batch
  const rows = found.map(({ count, examples, ...kind }) => ({
    key: createHash('sha256')
      .update(`${base} ${keyOf(kind)}`)
      .digest('hex'),
    base,
    kind,
    count,
    examples,
  }))
  const counts = [unchanged, tightened, loosened, failed, dropped]
  return [shadow, id, name, nth, judges, problem, ...counts, JSON.stringify(rows)]
}
