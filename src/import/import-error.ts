import type { Fault } from '../contract/errors.ts';

/**
 * A mistake in the mapping, the files or how they fit together, told so that whoever wrote the mapping can mend
 * it. Nothing has been posted when it is thrown. `faults` names each mistake with its path in the mapping.
 */
export class ImportError extends Error {
  readonly faults: readonly Fault[];

  constructor(summary: string, { faults = [], ...options }: { faults?: readonly Fault[]; cause?: unknown } = {}) {
    super([summary, ...faults.map(({ path, message }) => `  ${path}: ${message}`)].join('\n'), options);
    this.name = 'ImportError';
    this.faults = faults;
  }
}
