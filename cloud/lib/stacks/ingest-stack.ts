import { CfnOutput, Duration } from 'aws-cdk-lib';
import { RequestValidator } from 'aws-cdk-lib/aws-apigateway';
import type { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';
import { GuardedApi } from '../constructs/guarded-api.ts';
import { orderModel } from '../constructs/order-model.ts';
import { StageFunction } from '../constructs/stage-function.ts';
import { StageStack, type StageStackProps } from '../stage-stack.ts';
import type { SecurityStack } from './security-stack.ts';
import type { StreamStack } from './stream-stack.ts';

export interface IngestStackProps extends StageStackProps {
  readonly security: SecurityStack;
  readonly stream: StreamStack;
}

/** The way in: firewall, REST API, and the function that checks orders and hands them to Firehose. */
export class IngestStack extends StageStack {
  readonly api: GuardedApi;
  readonly ingestFunction: StageFunction;

  constructor(scope: Construct, props: IngestStackProps) {
    super(scope, 'Ingest', 'firewall, REST API and function that takes orders', props);
    this.ingestFunction = this.#createFunction(props);
    this.api = new GuardedApi(this, 'OrdersApi', {
      purpose: 'orders',
      description: 'Takes orders: POST /v1/orders',
      security: props.security,
    });
    this.#addRoutes();
    new CfnOutput(this, 'OrdersUrl', {
      value: `${this.api.url}/v1/orders`,
      description: 'curl -X POST -H "Authorization: Bearer sh_…" -H "Content-Type: application/json" -d @order.json …',
    });
  }

  #createFunction({ security, stream }: IngestStackProps): StageFunction {
    const { logsKey, keysSecret } = security;
    const ingest = new StageFunction(this, 'Ingest', {
      settings: this.settings,
      code: 'ingest',
      description: 'Checks orders and hands them to Firehose',
      logsKey,
      memoryMegabytes: 1024,
      timeout: Duration.seconds(29),
      variables: {
        SLICEHOUSE_BUCKET: stream.dataBucket.bucketName,
        SLICEHOUSE_ORDERS_STREAM: stream.ordersStream.streamName,
        SLICEHOUSE_REJECTS_STREAM: stream.rejectsStream.streamName,
        SLICEHOUSE_KEYS_SECRET: keysSecret.secretArn,
      },
    });
    security.allowKeys(ingest);
    stream.allowRecords(ingest);
    return ingest;
  }

  #addRoutes(): void {
    const { api } = this.api;
    const model = api.addModel('OrderModel', {
      modelName: 'Order',
      contentType: 'application/json',
      description: 'What one customer buys in one go at one store',
      schema: orderModel,
    });
    this.api.addRoute('POST', '/v1/orders', this.ingestFunction, {
      requestModels: { 'application/json': model },
      requestParameters: { 'method.request.header.Content-Type': true },
      requestValidator: new RequestValidator(this, 'HeadersOnly', {
        restApi: api,
        requestValidatorName: 'headers',
        validateRequestParameters: true,
        validateRequestBody: false,
      }),
    });
    const resource = api.node.defaultChild;
    if (resource)
      acknowledge(
        resource,
        'AwsSolutions-APIG2',
        'Headers are checked here and the model describes the body, but an order that breaks it has to reach the function: it checks with the schema that the model is made of and keeps what it refuses, byte for byte, in quarantine.',
      );
  }
}
