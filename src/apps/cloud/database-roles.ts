import type { DataApi } from '../../warehouse/redshift/data-api.ts';

/**
 * What functions may do in the database. Redshift gives a role to whoever comes with an IAM role whose tag
 * `RedshiftDbRoles` names it.
 */
const rightsOf = {
  slicehouse_reader: [
    'GRANT USAGE ON SCHEMA public TO ROLE slicehouse_reader',
    'GRANT SELECT ON ALL TABLES IN SCHEMA public TO ROLE slicehouse_reader',
  ],
  slicehouse_writer: [
    'GRANT USAGE ON SCHEMA public TO ROLE slicehouse_writer',
    'GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO ROLE slicehouse_writer',
    // The nightly compaction; a load that COPY refuses reads Redshift's own table of errors, where it sees its own.
    'GRANT VACUUM TO ROLE slicehouse_writer',
    'GRANT ANALYZE TO ROLE slicehouse_writer',
  ],
} as const;

/**
 * Makes the database roles that are not there, gives each its rights on every table there is now, and leaves the making
 * of tables to the admin, as whom it is to be called after migrations.
 */
export async function grantRoles(dataApi: Pick<DataApi, 'query'>): Promise<void> {
  // Redshift lets whoever comes into the database make tables in this schema.
  await dataApi.query('REVOKE CREATE ON SCHEMA public FROM PUBLIC');
  const known = new Set((await dataApi.query('SELECT role_name FROM svv_roles')).map((row) => row['role_name']));
  for (const [role, rights] of Object.entries(rightsOf)) {
    if (!known.has(role)) await dataApi.query(`CREATE ROLE ${role}`);
    for (const right of rights) await dataApi.query(right);
  }
}
