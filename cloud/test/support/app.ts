import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { createApp } from '../../lib/app.ts';
import { bundleFunctions } from '../../lib/bundles.ts';

export interface Resource {
  readonly Type: string;
  readonly Properties: Record<string, unknown>;
  readonly DependsOn?: string | string[];
  readonly DeletionPolicy?: string;
}

/** The app as `npx cdk synth` would make it. */
export interface Synthesized {
  readonly app: App;
  /** By stage: `Ingest`. */
  readonly templates: Readonly<Record<string, Template>>;
  /** What the validators found, cdk-nag's among them. */
  readonly findings: readonly { plugin: string; rule: string; severity: string; at: string }[];
  readonly folder: string;
  [Symbol.dispose](): void;
}

/** Synthesizes all stacks with the context of cdk.json and, over it, the one given, into a folder of its own. */
export async function synthesize(context: Readonly<Record<string, string>> = {}): Promise<Synthesized> {
  await bundleFunctions();
  const settings = JSON.parse(readFileSync(new URL('../../cdk.json', import.meta.url), 'utf8'));
  const folder = mkdtempSync(join(tmpdir(), 'slicehouse-synth-'));
  const app = createApp({ outdir: folder, context: { ...settings.context, ...context } });
  const { stacks } = app.synth();
  return {
    app,
    templates: Object.fromEntries(stacks.map(({ id, template }) => [id, Template.fromJSON(template)])),
    findings: readFindings(folder),
    folder,
    [Symbol.dispose]: () => rmSync(folder, { recursive: true }),
  };
}

/** All resources of a template of a type, by logical id. */
export function resourcesOf(template: Template | undefined, type?: string): [string, Resource][] {
  const resources: Record<string, Resource> = template?.toJSON()['Resources'] ?? {};
  return Object.entries(resources).filter(([, resource]) => type === undefined || resource.Type === type);
}

interface Report {
  readonly pluginReports: readonly {
    readonly pluginName: string;
    readonly violations: readonly {
      readonly ruleName: string;
      readonly severity: string;
      readonly violatingConstructs: readonly { readonly constructPath: string }[];
    }[];
  }[];
}

function readFindings(folder: string): Synthesized['findings'] {
  const { pluginReports }: Report = JSON.parse(readFileSync(join(folder, 'validation-report.json'), 'utf8'));
  return pluginReports.flatMap(({ pluginName, violations }) =>
    violations.flatMap(({ ruleName, severity, violatingConstructs }) =>
      violatingConstructs.map(({ constructPath }) => ({
        plugin: pluginName,
        rule: ruleName,
        severity,
        at: constructPath,
      })),
    ),
  );
}

/** The statements of every policy in a template that belongs to a role, with the policy's logical id. */
export function statementsOf(template: Template | undefined): { policy: string; statement: Statement }[] {
  return resourcesOf(template, 'AWS::IAM::Policy').flatMap(([policy, { Properties }]) =>
    (Properties['PolicyDocument'] as { Statement: Statement[] }).Statement.map((statement) => ({ policy, statement })),
  );
}

export interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string | string[];
  readonly Resource: unknown;
  readonly Condition?: Record<string, Record<string, unknown>>;
}
