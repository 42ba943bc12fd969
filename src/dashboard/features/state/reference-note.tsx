import type { ReferenceReads } from '../../../contract/report.ts';
import { Link } from '../../app/link.tsx';
import { useNow } from '../../app/use-now.ts';
import { WarningIcon } from '../../components/icons.tsx';
import { ageInWords } from './reference-words.ts';

/** Says quietly that stores or customers are old, or could not be read; nothing when all is well. */
export function ReferenceNote({ reads }: { reads: ReferenceReads | undefined }) {
  const sentences = ageInWords(reads, useNow(30_000));
  if (sentences.length === 0) return null;
  return (
    <p className="reference-note">
      <WarningIcon />
      <span>
        {sentences.join(' ')} <Link href="/pipeline">See the refresh</Link>
      </span>
    </p>
  );
}
