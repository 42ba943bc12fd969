import type { CloudFormationCustomResourceEvent } from 'aws-lambda';

/** What became of a custom resource. */
export interface ResourceOutcome {
  readonly PhysicalResourceId: string;
  readonly Data?: Readonly<Record<string, string>>;
}

const tries = 4;
const firstWaitMs = 500;

/**
 * Tells CloudFormation what became of a custom resource, where its event asks for that: behind CDK's provider framework
 * the framework does, and the address is blank.
 *
 * @throws Error when CloudFormation cannot be told; it then waits until the resource times out
 */
export async function answerCloudFormation(
  event: CloudFormationCustomResourceEvent,
  outcome: ResourceOutcome,
  failure?: string,
): Promise<void> {
  const { ResponseURL, StackId, RequestId, LogicalResourceId } = event;
  const body = JSON.stringify({
    Status: failure === undefined ? 'SUCCESS' : 'FAILED',
    ...(failure !== undefined && { Reason: failure }),
    StackId,
    RequestId,
    LogicalResourceId,
    ...outcome,
  });
  for (let attempt = 1; ; attempt += 1) {
    // The address is signed for a request without a content type.
    const answer = await fetch(ResponseURL, { method: 'PUT', headers: { 'content-type': '' }, body }).catch(
      () => undefined,
    );
    if (answer?.ok) return;
    if (attempt === tries) throw new Error(`CloudFormation could not be told (${answer?.status ?? 'no answer'}).`);
    await new Promise((resolve) => setTimeout(resolve, firstWaitMs * 2 ** attempt));
  }
}

/** Whether the event is CloudFormation's own and has to be answered. */
export function wantsAnswer(
  event: Partial<CloudFormationCustomResourceEvent>,
): event is CloudFormationCustomResourceEvent {
  return /^https?:\/\//.test(event.ResponseURL ?? '');
}
