import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

const outcomes = ['loaded', 'duplicates', 'superseded', 'quarantined'] as const;
type Outcome = (typeof outcomes)[number];

/** The process's figures, as Prometheus reads them. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #outcomes = new Counter({
    name: 'slicehouse_records_loaded_total',
    help: 'Records by what became of them',
    labelNames: ['outcome'] as const,
    registers: [this.#registry],
  });
  readonly freshness = new Histogram({
    name: 'slicehouse_freshness_seconds',
    help: 'From acceptance to visibility of the oldest record of each load',
    buckets: [0.05, 0.1, 0.2, 0.3, 0.5, 1, 2, 5, 15, 60],
    registers: [this.#registry],
  });

  constructor() {
    collectDefaultMetrics({ register: this.#registry });
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  /** Counts what became of loaded records. */
  count(entries: readonly Readonly<Record<Outcome, number>>[]): void {
    for (const entry of entries) for (const outcome of outcomes) this.#outcomes.inc({ outcome }, entry[outcome]);
  }

  /** Adds a figure that is read when it is asked for. */
  gauge(name: string, help: string, read: () => number): void {
    const gauge: Gauge = new Gauge({ name, help, registers: [this.#registry], collect: () => gauge.set(read()) });
  }

  text(): Promise<string> {
    return this.#registry.metrics();
  }
}
