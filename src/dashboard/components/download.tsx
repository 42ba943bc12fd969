import { type MouseEvent, type ReactNode, useState } from 'react';
import { request } from '../app/api.ts';
import { useSession } from '../app/session.ts';

interface DownloadProps {
  href: string;
  /** What the file is called on disk. */
  name: string;
  label: string;
  children: ReactNode;
}

/**
 * A link that saves what is at an address as a file. A link cannot carry a key: with one, the page fetches the
 * file and hands it over.
 */
export function Download({ href, name, label, children }: DownloadProps) {
  const { key } = useSession();
  const [state, setState] = useState<'idle' | 'busy' | 'failed'>('idle');
  const fetchIt = async (event: MouseEvent) => {
    if (key === undefined) return;
    event.preventDefault();
    if (state === 'busy') return;
    setState('busy');
    try {
      const answer = await request(href, { accept: '*/*' });
      saveAs(await answer.blob(), name);
      setState('idle');
    } catch {
      setState('failed');
    }
  };
  return (
    <>
      <a
        href={href}
        download={name}
        aria-label={label}
        aria-busy={state === 'busy'}
        onClick={(event) => void fetchIt(event)}
      >
        {children}
      </a>
      <span className={state === 'failed' ? 'mistake' : 'visually-hidden'} role="status">
        {{ idle: '', busy: 'The file is being made.', failed: 'failed' }[state]}
      </span>
    </>
  );
}

/** Saves bytes as a file of the reader's. */
export function saveAs(blob: Blob, name: string): void {
  const address = URL.createObjectURL(blob);
  const link = Object.assign(document.createElement('a'), { href: address, download: name });
  link.click();
  // The browser has taken hold of the bytes by the next turn.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
