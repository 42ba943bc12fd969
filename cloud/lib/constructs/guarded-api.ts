import { Aws, Duration } from 'aws-cdk-lib';
import {
  AccessLogFormat,
  EndpointType,
  IdentitySource,
  LambdaIntegration,
  LogGroupLogDestination,
  type Method,
  MethodLoggingLevel,
  type MethodOptions,
  RequestAuthorizer,
  RestApi,
} from 'aws-cdk-lib/aws-apigateway';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';
import type { SecurityStack } from '../stacks/security-stack.ts';
import type { StageStack } from '../stage-stack.ts';
import { Firewall } from './firewall.ts';
import { answerProblems } from './problem-responses.ts';
import { StageFunction } from './stage-function.ts';

export interface GuardedApiProps {
  /** `orders` or `reports`: part of its name. */
  readonly purpose: string;
  readonly description: string;
  readonly security: SecurityStack;
}

/** What is logged of a request: nothing of its body, its query or its key. */
const accessLogFields = {
  time: '$context.requestTimeEpoch',
  request: '$context.requestId',
  trace: '$context.xrayTraceId',
  caller: '$context.authorizer.principalId',
  source: '$context.authorizer.source',
  address: '$context.identity.sourceIp',
  method: '$context.httpMethod',
  route: '$context.resourcePath',
  status: '$context.status',
  responseBytes: '$context.responseLength',
  latencyMs: '$context.responseLatency',
  functionMs: '$context.integration.latency',
  firewall: '$context.wafResponseCode',
  error: '$context.error.responseType',
};

/**
 * A REST API as both of them are here: behind a firewall, every route asks the Lambda authorizer for one of our keys,
 * throttled, with access logs and traces. Bodies pass as bytes, so that the functions see exactly what was sent.
 */
export class GuardedApi extends Construct {
  readonly api: RestApi;
  readonly apiName: string;
  readonly stageName = 'live';
  readonly firewall: Firewall;
  /** Answers whose a key is; a minute of its answers is kept. */
  readonly authorizerFunction: StageFunction;
  readonly #authorizer: RequestAuthorizer;

  constructor(stack: StageStack, id: string, props: GuardedApiProps) {
    super(stack, id);
    const { purpose, description, security } = props;
    this.apiName = `${stack.settings.prefix}-${purpose}`;
    this.authorizerFunction = this.#createAuthorizerFunction(stack, props);
    this.#authorizer = new RequestAuthorizer(this, 'Authorizer', {
      authorizerName: 'keys',
      handler: this.authorizerFunction.function,
      identitySources: [IdentitySource.header('Authorization')],
      resultsCacheTtl: Duration.minutes(1),
    });
    this.api = new RestApi(this, 'Api', {
      restApiName: this.apiName,
      description,
      endpointTypes: [EndpointType.REGIONAL],
      binaryMediaTypes: ['*/*'],
      cloudWatchRole: false,
      defaultMethodOptions: { authorizer: this.#authorizer },
      deployOptions: {
        stageName: this.stageName,
        throttlingRateLimit: stack.settings.requests.perSecond,
        throttlingBurstLimit: stack.settings.requests.burst,
        metricsEnabled: true,
        tracingEnabled: true,
        loggingLevel: MethodLoggingLevel.ERROR,
        dataTraceEnabled: false,
        accessLogDestination: new LogGroupLogDestination(
          this.#createLogGroup('AccessLogs', `/slicehouse/${stack.settings.name}/access/${purpose}`, stack, security),
        ),
        accessLogFormat: AccessLogFormat.custom(JSON.stringify(accessLogFields)),
      },
    });
    answerProblems(this.api);
    // The gateway would make this group itself, without our key and without an end.
    const executionLogs = `API-Gateway-Execution-Logs_${this.api.restApiId}/${this.stageName}`;
    this.#createLogGroup('ExecutionLogs', executionLogs, stack, security);
    this.firewall = new Firewall(stack, `${id}Firewall`, { purpose, scope: 'REGIONAL', security, countsKeys: true });
    new CfnWebACLAssociation(this, 'FirewallAssociation', {
      resourceArn: this.api.deploymentStage.stageArn,
      webAclArn: this.firewall.acl.attrArn,
    });
  }

  /** Where its routes begin: `https://….execute-api.<region>.amazonaws.com/live`. */
  get url(): string {
    return `https://${this.api.restApiId}.execute-api.${this.api.stack.region}.${Aws.URL_SUFFIX}/${this.stageName}`;
  }

  /** Has a function answer a method on a path such as `/v1/orders` or `/v1/{proxy+}`. */
  addRoute(method: string, path: string, answering: StageFunction, options: MethodOptions = {}): Method {
    const resource = this.api.root.resourceForPath(path);
    const integration = new LambdaIntegration(answering.function, { allowTestInvoke: false });
    const route = resource.addMethod(method, integration, options);
    acknowledge(
      route,
      'AwsSolutions-COG4',
      'Callers are tills, shops and programs with keys of ours, which the Lambda authorizer checks; none has a Cognito login.',
    );
    return route;
  }

  #createAuthorizerFunction({ settings }: StageStack, { purpose, security }: GuardedApiProps): StageFunction {
    const authorizer = new StageFunction(this, 'Authorize', {
      settings,
      code: 'authorize',
      name: `authorize-${purpose}`,
      description: `Whose key a call of the ${purpose} API carries, and what it may do`,
      logsKey: security.logsKey,
      memoryMegabytes: 256,
      timeout: Duration.seconds(5),
      variables: { SLICEHOUSE_KEYS_SECRET: security.keysSecret.secretArn },
    });
    security.allowKeys(authorizer);
    return authorizer;
  }

  #createLogGroup(id: string, logGroupName: string, { settings }: StageStack, { logsKey }: SecurityStack): LogGroup {
    return new LogGroup(this, id, {
      logGroupName,
      retention: settings.logRetention,
      encryptionKey: logsKey,
      removalPolicy: settings.removalPolicy,
    });
  }
}
