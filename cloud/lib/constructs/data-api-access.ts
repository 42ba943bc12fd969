import { Tags } from 'aws-cdk-lib';
import type { StageFunction } from './stage-function.ts';

/** Roles in the database, which the migrations make: the one may change rows, the other only read them. */
export type DatabaseRole = 'slicehouse_writer' | 'slicehouse_reader';

/**
 * Lets a function run statements on a workgroup by the Data API, as the database user of its own IAM role, with
 * the rights of one database role. It holds no password, and sees no statement but its own.
 */
export function allowDataApi(caller: StageFunction, workgroupArn: string, role: DatabaseRole): void {
  allowStatements(caller, workgroupArn);
  caller.allow('EnterWarehouse', ['redshift-serverless:GetCredentials'], [workgroupArn]);
  // Redshift Serverless grants the database roles named in this tag to whoever comes with the IAM role.
  Tags.of(caller.role).add('RedshiftDbRoles', role);
}

/** Lets a function run statements with a secret, which it must be allowed to read as well. */
export function allowStatements(caller: StageFunction, workgroupArn: string): void {
  caller.allow(
    'RunStatements',
    ['redshift-data:ExecuteStatement', 'redshift-data:BatchExecuteStatement'],
    [workgroupArn],
  );
  caller.allow(
    'FollowStatements',
    ['redshift-data:DescribeStatement', 'redshift-data:GetStatementResult', 'redshift-data:CancelStatement'],
    ['*'],
    {
      // biome-ignore lint/suspicious/noTemplateCurlyInString: IAM's own variable
      conditions: { StringEquals: { 'redshift-data:statement-owner-iam-userid': '${aws:userid}' } },
      because: 'Statements have no ARN; the condition leaves only those that this function itself has begun.',
    },
  );
}
