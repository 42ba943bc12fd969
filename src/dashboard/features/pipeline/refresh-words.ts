import type { DataCheckState, NextRefresh, RefreshRun, Step } from '../../../contract/refresh.ts';
import { calendarDay, count, counted, latency, money, percent } from '../../components/format.ts';

interface StepWords {
  readonly title: string;
  /** What it means for the reader that the step failed. */
  readonly failed: string;
}

const slower = 'Every figure is right; reports may be slower until the next refresh.';
const steps: Readonly<Record<string, StepWords>> = {
  sources: {
    title: 'Stores, customers and menu',
    failed: 'Not all of it could be read where it is kept. What could not stays as it was last read.',
  },
  census: { title: 'Census figures', failed: 'The census figures in use stay.' },
  compaction: { title: 'Putting lines in order', failed: slower },
  checks: { title: 'Data checks', failed: 'Something is far from normal. Reports show all the same what arrived.' },
  statistics: { title: 'Statistics', failed: slower },
  retention: { title: 'Clearing old records out of quarantine', failed: 'They are kept until the next refresh.' },
  archive: { title: 'Archiving loaded files', failed: 'They are kept as they are, and archived by the next refresh.' },
};
const parts: Readonly<Record<string, string>> = { stores: 'Stores', customers: 'Customers', menu_items: 'Menu' };

/** What a step does, in words; a step that is not known keeps its name. */
export function titleOfStep(step: string): string {
  return steps[step]?.title ?? step;
}

/** "Customers". */
export function titleOfPart(part: string): string {
  return parts[part] ?? part;
}

/** What it means that a step failed; undefined when it did not. */
export function meaningOf({ step, status }: Step): string | undefined {
  return status === 'failed' ? (steps[step]?.failed ?? 'The other steps went on.') : undefined;
}

/** Why a run came when it did: "On schedule", "Caught up, for 2 missed dates too", "Started by hand". */
export function reasonOf({ trigger, missed_dates }: RefreshRun): string {
  if (trigger === 'hand') return 'Started by hand';
  if (trigger === 'schedule') return 'On schedule';
  return missed_dates === 0 ? 'Caught up' : `Caught up, for ${counted(missed_dates, 'missed date')} too`;
}

/** How long something took or, as long as it runs, has taken. */
export function took({ started_at, finished_at }: Pick<Step, 'started_at' | 'finished_at'>, now: number): string {
  return latency((finished_at === null ? now : Date.parse(finished_at)) - Date.parse(started_at));
}

/** The newest run in a sentence or two. */
export function inWords(run: RefreshRun, now: number): string {
  const name = `The refresh of ${calendarDay(run.business_date)}`;
  switch (run.status) {
    case 'running': {
      const step = run.steps.find(({ status }) => status === 'running')?.step;
      return `${name} is running${step ? `: ${titleOfStep(step).toLowerCase()}` : ''}. Orders are taken and reports answered meanwhile.`;
    }
    case 'interrupted':
      return `${name} was interrupted: Slicehouse stopped before it ended. No figure is lost by that.`;
    case 'failed': {
      const failed = run.steps.filter(({ status }) => status === 'failed').map(({ step }) => titleOfStep(step));
      return `${name} failed in part: ${failed.join('; ').toLowerCase()}. The other steps were done, and orders and reports went on.`;
    }
    default:
      return `${name} went well and took ${took(run, now)}.`;
  }
}

/** When the next run begins, on the clock of its schedule: "Mon, Nov 23, 2:00 AM EST". */
export function whenNext({ at, time_zone }: NextRefresh): string {
  return new Intl.DateTimeFormat('en-US', {
    weekday: 'short',
    month: 'short',
    day: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
    timeZone: time_zone,
    timeZoneName: 'short',
  }).format(new Date(at));
}

/** What a check saw, in its unit; a dash when there was nothing to look at. */
export function observedOf({ observed, unit }: Pick<DataCheckState, 'observed' | 'unit'>): string {
  if (observed === null) return '–';
  if (unit === 'share') return percent(observed);
  if (unit === 'cents') return money(observed);
  return unit === 'ratio' ? `${observed.toFixed(2)} times` : count(observed);
}

const urgency = { failed: 0, warned: 1, none: 2, passed: 3 } as const;

/** What needs attention first; otherwise in the order they are declared. */
export function byUrgency(checks: readonly DataCheckState[]): DataCheckState[] {
  const rank = ({ status }: DataCheckState) => urgency[status ?? 'none'];
  return [...checks].sort((one, other) => rank(one) - rank(other));
}

/** How the checks stand, in a sentence. */
export function checksInWords(checks: readonly DataCheckState[]): string {
  const of = (wanted: DataCheckState['status']) => checks.filter(({ status }) => status === wanted).length;
  const [failed, warned, passed, never] = [of('failed'), of('warned'), of('passed'), of(null)];
  if (never === checks.length) return 'The first refresh runs them.';
  if (failed + warned === 0) return `All ${passed} that ran found what is normal.`;
  const found = [
    failed > 0 && `${counted(failed, 'check')} failed`,
    warned > 0 && `${counted(warned, 'check')} warned`,
    `${count(passed)} passed`,
  ].filter(Boolean);
  return `${found.join(', ')}. A check only looks: what reports show does not depend on it.`;
}
