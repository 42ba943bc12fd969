import type { CheckStatus, RefreshStatus, StepStatus } from '../../../contract/refresh.ts';
import { CheckIcon, WarningIcon } from '../../components/icons.tsx';

const outcomes = {
  done: { word: 'Done', mark: 'good' },
  passed: { word: 'Passed', mark: 'good' },
  failed: { word: 'Failed', mark: 'bad' },
  warned: { word: 'Warned', mark: 'warned' },
  interrupted: { word: 'Interrupted', mark: 'warned' },
  running: { word: 'Running', mark: 'plain' },
  skipped: { word: 'Nothing to do', mark: 'plain' },
  none: { word: 'Not run yet', mark: 'plain' },
} as const;

/** How a run, a step or a check ended: a word, with a mark beside it. */
export function Outcome({ of }: { of: RefreshStatus | StepStatus | CheckStatus | null }) {
  const { word, mark } = outcomes[of ?? 'none'];
  return (
    <span className={`outcome ${mark}`}>
      {mark === 'good' && <CheckIcon />}
      {(mark === 'bad' || mark === 'warned') && <WarningIcon />} {word}
    </span>
  );
}
