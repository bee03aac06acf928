import type { Client } from 'pg'
import type { TargetFinding } from '../../approvals/leases/issuer.ts'

/**
 * Whether the login of a preview can do anything but select: one finding for each thing that it can do besides, with the statement that takes it
 * away. What everybody may do counts, because the login may do it too. What PostgreSQL gives everybody in its own schemas does not.
 */
export async function lookAtPreviewLogin(client: Client): Promise<readonly TargetFinding[]> {
  const { rows } = await client.query<Seen>(looking)
  const [seen] = rows
  const more = seen
    ? mightOf(seen)
    : [{ detail: 'its login cannot see itself', fix: 'Use an ordinary role.' }]
  if (more.length > 0) return more.map((one) => ({ ok: false, ...one }))
  return [{ ok: true, detail: `the preview login ${seen?.role} can only select`, fix: null }]
}

interface Seen {
  readonly role: string
  readonly database: string
  /** `SUPERUSER`, `CREATEROLE`, … */
  readonly attributes: readonly string[]
  readonly roles: readonly string[]
  readonly owns: boolean
  readonly on_database: readonly string[]
  readonly schemas: readonly string[]
  readonly relations: readonly string[]
}

type Might = Pick<TargetFinding, 'detail' | 'fix'>

function mightOf({ role, database, ...seen }: Seen): readonly Might[] {
  const lists = [
    ...seen.attributes.map((one) => ({
      detail: `its login ${role} has ${one}`,
      fix: `ALTER ROLE ${role} NO${one}, as a superuser`,
    })),
    ...seen.roles.map((one) => ({
      detail: `its login ${role} is a member of ${one}, and may do what that may`,
      fix: `REVOKE ${one} FROM ${role}`,
    })),
    ...seen.on_database.map((one) => ({
      detail: `its login ${role} has ${one} on the database`,
      fix: `REVOKE ${one} ON DATABASE ${database} FROM PUBLIC, ${role}`,
    })),
  ]
  return [
    ...lists,
    ...(seen.owns
      ? [
          {
            detail: `its login ${role} owns something`,
            fix: `REASSIGN OWNED BY ${role} TO …, as a superuser`,
          },
        ]
      : []),
    ...some(seen.schemas, (names, first) => ({
      detail: `its login ${role} may create in the schema ${names}`,
      fix: `REVOKE CREATE ON SCHEMA ${first} FROM PUBLIC, ${role}`,
    })),
    ...some(seen.relations, (names, first) => ({
      detail: `its login ${role} may do more than SELECT with ${names}`,
      fix: `REVOKE ALL ON ${first} FROM PUBLIC, ${role}; GRANT SELECT ON ${first} TO ${role}`,
    })),
  ]
}

/** A finding for all of a kind, which names the first few. */
function some(found: readonly string[], say: (names: string, first: string) => Might): readonly Might[] {
  const [first] = found
  if (first === undefined) return []
  return [
    say(found.length > most ? `${found.slice(0, most).join(', ')} and others` : found.join(', '), first),
  ]
}

const most = 3

/**
 * By what was granted to it and to everybody: it is a member of nothing and no superuser, or that is what is found. One more than
 * are named.
 */
const looking = `
  WITH me AS (SELECT * FROM pg_roles WHERE rolname = current_user),
  schemas AS (SELECT oid, nspname, nspacl, nspowner FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'),
  relations AS (SELECT c.* FROM pg_class c JOIN schemas s ON s.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')),
  granted AS (
    SELECT r.oid, a.grantee, a.privilege_type FROM relations r, aclexplode(r.relacl) a
    UNION ALL
    SELECT r.oid, a.grantee, a.privilege_type FROM relations r JOIN pg_attribute t ON t.attrelid = r.oid, aclexplode(t.attacl) a
      WHERE t.attacl IS NOT NULL
  )
  SELECT quote_ident(me.rolname) AS role, quote_ident(current_database()) AS database,
    array_remove(ARRAY[
      CASE WHEN me.rolsuper THEN 'SUPERUSER' END, CASE WHEN me.rolcreaterole THEN 'CREATEROLE' END,
      CASE WHEN me.rolcreatedb THEN 'CREATEDB' END, CASE WHEN me.rolreplication THEN 'REPLICATION' END,
      CASE WHEN me.rolbypassrls THEN 'BYPASSRLS' END], NULL) AS attributes,
    ARRAY(SELECT quote_ident(g.rolname) FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid WHERE m.member = me.oid ORDER BY 1) AS roles,
    EXISTS (SELECT FROM pg_shdepend WHERE refclassid = 'pg_authid'::regclass AND refobjid = me.oid AND deptype = 'o') AS owns,
    ARRAY(SELECT DISTINCT a.privilege_type FROM pg_database d, aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a
      WHERE d.datname = current_database() AND a.grantee IN (0, me.oid) AND a.privilege_type <> 'CONNECT' ORDER BY 1) AS on_database,
    ARRAY(SELECT DISTINCT quote_ident(s.nspname) FROM schemas s, aclexplode(coalesce(s.nspacl, acldefault('n', s.nspowner))) a
      WHERE a.grantee IN (0, me.oid) AND a.privilege_type = 'CREATE' ORDER BY 1 LIMIT ${most + 1}) AS schemas,
    ARRAY(SELECT DISTINCT g.oid::regclass::text FROM granted g
      WHERE g.grantee IN (0, me.oid) AND g.privilege_type <> 'SELECT' ORDER BY 1 LIMIT ${most + 1}) AS relations
  FROM me`
