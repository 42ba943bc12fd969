import { CfnOutput, Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { StageFunction } from '../constructs/stage-function.ts';
import { DailyStarts } from '../refresh/daily-starts.ts';
import { RefreshMachine } from '../refresh/refresh-machine.ts';
import { StageStack, type StageStackProps } from '../stage-stack.ts';
import type { SecurityStack } from './security-stack.ts';
import type { SourcesStack } from './sources-stack.ts';
import { prefixes, type StreamStack } from './stream-stack.ts';
import type { WarehouseStack } from './warehouse-stack.ts';

export interface RefreshStackProps extends StageStackProps {
  readonly security: SecurityStack;
  readonly stream: StreamStack;
  readonly warehouse: WarehouseStack;
  readonly sources: SourcesStack;
}

/** The daily refresh: the schedules that start it, the state machine, and the function that does its steps. */
export class RefreshStack extends StageStack {
  readonly refreshFunction: StageFunction;
  readonly refreshMachine: RefreshMachine;
  readonly dailyStarts: DailyStarts;

  constructor(scope: Construct, props: RefreshStackProps) {
    super(scope, 'Refresh', 'daily refresh at 02:00', props);
    const { security, sources } = props;
    this.refreshFunction = this.#createFunction(props);
    this.refreshMachine = new RefreshMachine(this, 'RefreshMachine', {
      security,
      sources,
      refreshFunction: this.refreshFunction,
    });
    this.dailyStarts = new DailyStarts(this, 'DailyStarts', { security, machine: this.refreshMachine.machine });
    new CfnOutput(this, 'RefreshMachineArn', {
      value: this.refreshMachine.machine.stateMachineArn,
      description: 'Runs what is due now: aws stepfunctions start-execution --state-machine-arn …',
    });
  }

  #createFunction({ security, stream, warehouse }: RefreshStackProps): StageFunction {
    const refresh = new StageFunction(this, 'Refresh', {
      settings: this.settings,
      code: 'refresh',
      description: 'Steps of the daily refresh, once a business date by the ledger in the warehouse',
      logsKey: security.logsKey,
      memoryMegabytes: 1024,
      timeout: Duration.minutes(15),
      // Two that ask the ledger at once could both find that nothing is done yet.
      concurrency: 1,
      variables: {
        SLICEHOUSE_BUCKET: stream.dataBucket.bucketName,
        SLICEHOUSE_REFRESH_ZONE: this.settings.refreshZone,
        ...warehouse.variables,
      },
    });
    stream.allowReading(refresh, 'Curated', [prefixes.curated]);
    stream.allowWriting(refresh, 'Curated', [prefixes.curated, prefixes.staging]);
    // Without it S3 says of an object that is not there yet that it is forbidden.
    refresh.allow('MissCurated', ['s3:ListBucket'], [stream.dataBucket.bucketArn]);
    warehouse.allowUse(refresh, 'slicehouse_writer');
    return refresh;
  }
}
