import type { DemoFolder } from './demo-folder.ts';
import type { Measured } from './result.ts';

/** What a run gives to its scenarios. */
export interface BenchContext {
  /** An empty folder for data, removed after the run. */
  readonly folder: string;
  /** Short rounds and little data: shows that a scenario works. */
  readonly quick: boolean;
  /** Sizes of the warehouses that reports are measured on, in order lines, ascending. */
  readonly lines: readonly number[];
  /** Says in a line what goes on; for whatever takes longer than two seconds. */
  say(text: string): void;
  /** The demonstration's data, made by whichever scenario needs it first. */
  readonly demo: DemoFolder;
}

export interface Scenario {
  readonly name: string;
  readonly title: string;
  run(context: BenchContext): Promise<Measured>;
}
