/** What a number counts; decides how it is written. */
export type Unit = 'orders/s' | 'orders' | 'lines' | 'ms' | 's' | 'MB' | 'ratio' | 'percent' | 'count';

export interface Column {
  readonly title: string;
  /** Of the numbers in this column; absent for texts. */
  readonly unit?: Unit;
}

/** Numbers as people read them; null where something could not be measured. */
export interface Table {
  readonly title: string;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly (string | number | null)[])[];
}

/** One number that is judged: by what the project expects, by a baseline, or by both. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: Unit;
  readonly better: 'higher' | 'lower';
  /** The worst value that is good enough. */
  readonly expected?: number;
  /**
   * Set for ratios that hold across machines: by which share the value may be worse than a baseline's. 0.2 lets a
   * ratio of 0.70 fall to 0.56.
   */
  readonly tolerance?: number;
}

/** What a scenario found out. */
export interface Measured {
  readonly tables: readonly Table[];
  readonly figures: readonly Figure[];
  /** What a reader of the tables has to know about this run, as whole sentences. */
  readonly notes: readonly string[];
}

export interface ScenarioResult extends Measured {
  readonly name: string;
  readonly title: string;
  /** How long the scenario took. */
  readonly seconds: number;
}

/** Facts that the figures of a run depend on. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly system: string;
  readonly node: string;
  readonly duckdb: string;
  /** One 4 KiB append and fdatasync in the folder of the data, milliseconds. */
  readonly fdatasyncMs: { readonly p50: number; readonly p99: number };
}

/** A file in `bench/results` or `bench/baselines`. */
export interface ResultFile {
  /** RFC 3339, UTC. */
  readonly startedAt: string;
  /** Of the package. */
  readonly version: string;
  /** True for a run that only shows that everything works: too short for its figures to mean much. */
  readonly quick: boolean;
  readonly machine: Machine;
  readonly scenarios: readonly ScenarioResult[];
}

/** Whether a figure is as good as expected; a figure without an expectation always is. */
export function asExpected({ value, better, expected }: Figure): boolean {
  if (expected === undefined) return true;
  return better === 'higher' ? value >= expected : value <= expected;
}
