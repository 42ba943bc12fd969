import { Fn, Stack, Tags } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Environment } from './environment.ts';

export interface StageStackProps {
  readonly environment: Environment;
}

/** A stack for a stage of the pipeline: named, tagged and protected as its environment says. */
export class StageStack extends Stack {
  readonly settings: Environment;

  constructor(scope: Construct, stage: string, description: string, { environment }: StageStackProps) {
    const account = process.env['CDK_DEFAULT_ACCOUNT'];
    super(scope, stage, {
      stackName: `${environment.prefix}-${stage.toLowerCase()}`,
      description: `Slicehouse ${environment.name}: ${description}`,
      // Without credentials the account stays open until deployment, so that synthesis needs no network.
      env: { region: environment.region, ...(account && { account }) },
      terminationProtection: environment.terminationProtection,
    });
    this.settings = environment;
    Tags.of(this).add('application', 'slicehouse');
    Tags.of(this).add('environment', environment.name);
    Tags.of(this).add('stage', stage.toLowerCase());
  }

  /** Three zones, always: a stack without an account would otherwise have two, and one with it would ask the network. */
  override get availabilityZones(): string[] {
    return [...(this.settings.zones ?? [0, 1, 2].map((zone) => Fn.select(zone, Fn.getAzs())))];
  }
}
