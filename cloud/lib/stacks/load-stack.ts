import { Duration } from 'aws-cdk-lib';
import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import type { Construct } from 'constructs';
import { FunctionSchedule } from '../constructs/function-schedule.ts';
import { StageFunction } from '../constructs/stage-function.ts';
import { StageStack, type StageStackProps } from '../stage-stack.ts';
import type { SecurityStack } from './security-stack.ts';
import { loadTimeout, prefixes, type StreamStack } from './stream-stack.ts';
import type { WarehouseStack } from './warehouse-stack.ts';

export interface LoadStackProps extends StageStackProps {
  readonly security: SecurityStack;
  readonly stream: StreamStack;
  readonly warehouse: WarehouseStack;
}

/** From segment files to the warehouse: one loader at a time, and a regular look for files that no message told of. */
export class LoadStack extends StageStack {
  readonly loadFunction: StageFunction;
  readonly reconcileSchedule: FunctionSchedule;

  constructor(scope: Construct, props: LoadStackProps) {
    super(scope, 'Load', 'loads segment files into the warehouse', props);
    this.loadFunction = this.#createFunction(props);
    this.#takeMessages(props.stream);
    this.reconcileSchedule = new FunctionSchedule(this, 'Reconcile', {
      name: 'reconcile',
      description: 'Finds segment files that no message told of: bucket against ledger',
      schedule: ScheduleExpression.rate(Duration.minutes(15)),
      target: this.loadFunction,
      input: { action: 'reconcile' },
    });
  }

  #createFunction({ security, stream, warehouse }: LoadStackProps): StageFunction {
    const load = new StageFunction(this, 'Load', {
      settings: this.settings,
      code: 'load',
      description: 'Loads segment files into the warehouse, one load at a time',
      logsKey: security.logsKey,
      memoryMegabytes: 1024,
      timeout: loadTimeout,
      // Loads take sequence numbers and decide which revision counts: two at once would only conflict.
      concurrency: 1,
      variables: { SLICEHOUSE_BUCKET: stream.dataBucket.bucketName, ...warehouse.variables },
    });
    stream.allowReading(load, 'Segments', [prefixes.landing, prefixes.quarantine]);
    stream.allowWriting(load, 'Staging', [prefixes.staging]);
    warehouse.allowUse(load, 'slicehouse_writer');
    return load;
  }

  #takeMessages({ landedQueue }: StreamStack): void {
    const rights = [
      this.loadFunction.allow(
        'TakeMessages',
        ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ChangeMessageVisibility'],
        [landedQueue.queueArn],
      ),
      this.loadFunction.allow('DecryptMessages', ['kms:Decrypt'], [landedQueue.encryptionMasterKey?.keyArn ?? ''], {
        conditions: { StringEquals: { 'kms:ViaService': `sqs.${this.region}.amazonaws.com` } },
      }),
    ];
    const mapping = new EventSourceMapping(this, 'Messages', {
      target: this.loadFunction.function,
      eventSourceArn: landedQueue.queueArn,
      batchSize: 100,
      maxBatchingWindow: Duration.seconds(5),
      reportBatchItemFailures: true,
      // The fewest that Lambda allows; reserved concurrency lets one of them through.
      maxConcurrency: 2,
    });
    mapping.node.addDependency(...rights);
  }
}
