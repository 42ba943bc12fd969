import { Aws, CfnOutput } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import {
  AllowedMethods,
  type BehaviorOptions,
  CachePolicy,
  Distribution,
  type DistributionProps,
  Function as EdgeFunction,
  FunctionCode,
  FunctionEventType,
  FunctionRuntime,
  HttpVersion,
  type IOrigin,
  OriginProtocolPolicy,
  OriginRequestPolicy,
  OriginSslPolicy,
  PriceClass,
  ResponseHeadersPolicy,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin, S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import type { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';
import type { GuardedApi } from '../constructs/guarded-api.ts';
import { StageBucket } from '../constructs/stage-bucket.ts';
import { DashboardFiles } from '../dashboard/dashboard-files.ts';
import { edgeFirewall } from '../dashboard/edge-firewall.ts';
import { pageHeaders } from '../dashboard/page-headers.ts';
import { pageRouter } from '../dashboard/page-router.ts';
import { StageStack, type StageStackProps } from '../stage-stack.ts';
import type { ApiStack } from './api-stack.ts';
import type { IngestStack } from './ingest-stack.ts';
import type { SecurityStack } from './security-stack.ts';

export interface DashboardStackProps extends StageStackProps {
  readonly security: SecurityStack;
  readonly ingest: IngestStack;
  readonly api: ApiStack;
}

/** A domain of the owner's, with a certificate for it in us-east-1: `-c dashboardDomain=… -c dashboardCertificate=arn:…`. */
interface OwnDomain {
  readonly name: string;
  readonly certificateArn: string;
}

/** One address for everything: the dashboard's files from S3, and both APIs below `/v1/`. */
export class DashboardStack extends StageStack {
  readonly bucket: StageBucket;
  readonly distribution: Distribution;

  constructor(scope: Construct, props: DashboardStackProps) {
    super(scope, 'Dashboard', 'dashboard on S3 and CloudFront', props);
    const { security } = props;
    this.bucket = new StageBucket(this, 'PagesBucket', {
      // With S3's own encryption: the files are public, and a key of ours would have to name the distribution, which
      // names the bucket, which names the key.
      purpose: 'dashboard',
      logsBucket: security.logsBucket,
    });
    this.distribution = this.#createDistribution(props);
    new DashboardFiles(this, 'Files', { bucket: this.bucket, security });
    new CfnOutput(this, 'Url', {
      value: `https://${this.#ownDomain?.name ?? this.distribution.distributionDomainName}`,
      description: 'The dashboard, and both APIs below /v1/',
    });
  }

  get #ownDomain(): OwnDomain | undefined {
    const name: string | undefined = this.node.tryGetContext('dashboardDomain');
    const certificateArn: string | undefined = this.node.tryGetContext('dashboardCertificate');
    if ((name === undefined) !== (certificateArn === undefined))
      throw new Error('Contexts "dashboardDomain" and "dashboardCertificate" go together.');
    return name !== undefined && certificateArn !== undefined ? { name, certificateArn } : undefined;
  }

  #createDistribution({ security, ingest, api }: DashboardStackProps): Distribution {
    const reports = passOn(originOf(api.api));
    const distribution = new Distribution(this, 'Distribution', {
      comment: `Slicehouse ${this.settings.name}`,
      defaultRootObject: 'index.html',
      defaultBehavior: this.#pages(),
      additionalBehaviors: {
        '/v1/orders': passOn(originOf(ingest.api)),
        '/v1/*': reports,
        '/openapi.json': reports,
      },
      ...this.#tls(),
      webAclId: edgeFirewall(this, security),
      httpVersion: HttpVersion.HTTP2_AND_3,
      priceClass: PriceClass.PRICE_CLASS_100,
      enableLogging: true,
      logBucket: security.logsBucket,
      logFilePrefix: 'cloudfront/',
      logIncludesCookies: false,
    });
    this.#acknowledge(distribution);
    return distribution;
  }

  #pages(): BehaviorOptions {
    return {
      origin: S3BucketOrigin.withOriginAccessControl(this.bucket),
      viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
      cachePolicy: CachePolicy.CACHING_OPTIMIZED,
      responseHeadersPolicy: pageHeaders(this, 'PageHeaders'),
      compress: true,
      functionAssociations: [
        {
          eventType: FunctionEventType.VIEWER_REQUEST,
          function: new EdgeFunction(this, 'PageRouter', {
            functionName: `${this.settings.prefix}-page-router`,
            comment: 'Every page of the dashboard is index.html',
            code: FunctionCode.fromInline(pageRouter),
            runtime: FunctionRuntime.JS_2_0,
          }),
        },
      ],
    };
  }

  #tls(): Partial<DistributionProps> {
    const own = this.#ownDomain;
    if (!own) return {};
    return {
      domainNames: [own.name],
      certificate: Certificate.fromCertificateArn(this, 'Certificate', own.certificateArn),
      minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
    };
  }

  #acknowledge(distribution: Distribution): void {
    acknowledge(
      distribution,
      'AwsSolutions-CFR1',
      'Managers travel; what may be read depends on the key, and the firewall limits every address.',
    );
    if (!this.#ownDomain)
      acknowledge(
        distribution,
        'AwsSolutions-CFR4',
        'The certificate of *.cloudfront.net, which stands until the owner names a domain of hers, takes no minimum protocol. Pages are sent with HSTS, and with dashboardDomain it is TLS 1.2.',
      );
  }
}

function originOf({ api, stageName }: GuardedApi): IOrigin {
  return new HttpOrigin(`${api.restApiId}.execute-api.${api.stack.region}.${Aws.URL_SUFFIX}`, {
    originPath: `/${stageName}`,
    protocolPolicy: OriginProtocolPolicy.HTTPS_ONLY,
    originSslProtocols: [OriginSslPolicy.TLS_V1_2],
  });
}

/** Answers are the caller's own and are never kept; API Gateway wants its own name as host. */
function passOn(origin: IOrigin): BehaviorOptions {
  return {
    origin,
    viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
    allowedMethods: AllowedMethods.ALLOW_ALL,
    cachePolicy: CachePolicy.CACHING_DISABLED,
    originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
    responseHeadersPolicy: ResponseHeadersPolicy.SECURITY_HEADERS,
  };
}
