import { CfnOutput, Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';
import { GuardedApi } from '../constructs/guarded-api.ts';
import { StageFunction } from '../constructs/stage-function.ts';
import { StageStack, type StageStackProps } from '../stage-stack.ts';
import type { SecurityStack } from './security-stack.ts';
import { prefixes, type StreamStack } from './stream-stack.ts';
import type { WarehouseStack } from './warehouse-stack.ts';

export interface ApiStackProps extends StageStackProps {
  readonly security: SecurityStack;
  readonly stream: StreamStack;
  readonly warehouse: WarehouseStack;
}

/** Answers out: firewall, REST API, and the function that asks the warehouse. */
export class ApiStack extends StageStack {
  readonly api: GuardedApi;
  readonly apiFunction: StageFunction;

  constructor(scope: Construct, props: ApiStackProps) {
    super(scope, 'Api', 'firewall, REST API and function that answers reports', props);
    this.apiFunction = this.#createFunction(props);
    this.api = new GuardedApi(this, 'ReportsApi', {
      purpose: 'reports',
      description: 'Answers reports, receipts, the state of the pipeline and of quarantine',
      security: props.security,
    });
    this.#addRoutes();
    new CfnOutput(this, 'ReportsUrl', {
      value: `${this.api.url}/v1/reports`,
      description: 'curl -H "Authorization: Bearer sh_…" …/top-combinations?state=CA',
    });
  }

  #createFunction({ security, stream, warehouse }: ApiStackProps): StageFunction {
    const api = new StageFunction(this, 'Api', {
      settings: this.settings,
      code: 'api',
      description: 'Answers reports, receipts, the state of the pipeline and of quarantine',
      logsKey: security.logsKey,
      // A whole processor, so that a cold start takes little of the five seconds that an answer may.
      memoryMegabytes: 1_769,
      timeout: Duration.seconds(29),
      variables: {
        SLICEHOUSE_BUCKET: stream.dataBucket.bucketName,
        SLICEHOUSE_ORDERS_STREAM: stream.ordersStream.streamName,
        SLICEHOUSE_REJECTS_STREAM: stream.rejectsStream.streamName,
        SLICEHOUSE_KEYS_SECRET: security.keysSecret.secretArn,
        SLICEHOUSE_REFRESH_ZONE: this.settings.refreshZone,
        ...warehouse.variables,
      },
    });
    security.allowKeys(api);
    // What leaves quarantine, replayed or dropped, goes the way of all orders.
    stream.allowRecords(api);
    stream.allowReading(api, 'Waiting', [prefixes.landing, prefixes.quarantine, prefixes.claims]);
    stream.allowWriting(api, 'Claims', [prefixes.claims]);
    api.allow('DropClaims', ['s3:DeleteObject'], [stream.dataBucket.objectsUnder(prefixes.claims)], {
      because: 'A claim is named after the record that is on its way out of quarantine.',
    });
    // Without it S3 says of an object that is not there that it is forbidden.
    api.allow('MissClaims', ['s3:ListBucket'], [stream.dataBucket.bucketArn]);
    warehouse.allowUse(api, 'slicehouse_reader');
    return api;
  }

  #addRoutes(): void {
    this.api.addRoute('GET', '/openapi.json', this.apiFunction);
    this.api.addRoute('ANY', '/v1/{proxy+}', this.apiFunction);
    const resource = this.api.api.node.defaultChild;
    if (resource)
      acknowledge(
        resource,
        'AwsSolutions-APIG2',
        'The parameters of a report are declared with the report: the function checks them by that declaration and answers with each mistake by name. A second copy in the gateway would say less, and differ one day.',
      );
  }
}
