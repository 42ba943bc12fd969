// The load generator of the freshness scenario, a process of its own: the simulator's, at a steady rate.
import { createChain } from '../../simulator/chain.ts';
import { type LoadSummary, runLoad } from '../../simulator/load.ts';
import { answerJobs } from './helper-process.ts';

export interface SteadyLoadJob {
  readonly url: string;
  readonly stores: number;
  readonly ordersPerSecond: number;
  readonly seconds: number;
}

answerJobs(
  ({ url, stores, ordersPerSecond, seconds }: SteadyLoadJob): Promise<LoadSummary> =>
    runLoad({ chain: createChain({ seed: 1, stores }), url, ordersPerSecond, seconds }),
);
