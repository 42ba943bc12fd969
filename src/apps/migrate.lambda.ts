import type { CdkCustomResourceEvent, CloudFormationCustomResourceEvent } from 'aws-lambda';
import { answerCloudFormation, type ResourceOutcome, wantsAnswer } from './cloud/answer-cloudformation.ts';
import { migrateWarehouse, schemaResource } from './cloud/migrate-warehouse.ts';
import { createTelemetry } from './cloud/telemetry.ts';

const telemetry = createTelemetry('migrate');

/** Brings the schema of the warehouse up to date when a deployment asks, and says whether that went well. */
export const handler = telemetry.handler(
  async (event: CdkCustomResourceEvent | CloudFormationCustomResourceEvent): Promise<ResourceOutcome> => {
    if (!wantsAnswer(event)) return migrateWarehouse(event, telemetry);
    try {
      const outcome = await migrateWarehouse(event, telemetry);
      await answerCloudFormation(event, outcome);
      return outcome;
    } catch (error) {
      // Thrown, it would run again behind CloudFormation's back.
      telemetry.logger.error('the schema could not be brought up to date', error as Error);
      await answerCloudFormation(event, schemaResource, (error as Error).message.slice(0, 1_000));
      return schemaResource;
    }
  },
);
