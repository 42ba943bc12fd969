import { type FormEvent, useEffect, useId, useState } from 'react';
import { ApiError, request } from './api.ts';
import { PageHeading } from './page-heading.tsx';
import { signIn, useSession } from './session.ts';
import './sign-in.css';

/** Asks for a key, and tries it before it is kept. */
export function SignIn() {
  const { refusal } = useSession();
  const [key, setKey] = useState('');
  const [busy, setBusy] = useState(false);
  const [mistake, setMistake] = useState(refusal || undefined);
  const id = useId();
  useEffect(() => {
    document.getElementById(id)?.focus();
  }, [id]);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const tried = key.trim();
    if (tried === '') return setMistake('Paste a key first. It begins with sh_.');
    setBusy(true);
    const wrong = await whyRefused(tried);
    setBusy(false);
    if (wrong === undefined) signIn(tried);
    else setMistake(wrong);
  };
  return (
    <main id="main" className="page sign-in" tabIndex={-1}>
      <form className="panel" onSubmit={(event) => void submit(event)} noValidate>
        <PageHeading title="Sign in with a key" />
        <p>This server shows its figures to those who have a key with the role read or admin.</p>
        <label htmlFor={id}>Key</label>
        <input
          id={id}
          type="password"
          autoComplete="off"
          spellCheck={false}
          placeholder="sh_…"
          value={key}
          onChange={(event) => setKey(event.target.value)}
          aria-invalid={mistake !== undefined}
          aria-describedby={mistake === undefined ? undefined : `${id}-mistake`}
        />
        <p id={`${id}-mistake`} className="mistake" role="alert">
          {mistake}
        </p>
        <button type="submit" className="button primary" disabled={busy}>
          {busy ? 'Trying the key…' : 'Sign in'}
        </button>
        <p className="sign-in-note">
          It is kept in this tab only, and forgotten when the tab is closed. The server’s owner makes keys with{' '}
          <code>slicehouse keys create --source you --role read</code>.
        </p>
      </form>
    </main>
  );
}

/** Undefined when the key may read; else what the server says of it. */
async function whyRefused(key: string): Promise<string | undefined> {
  // Characters that no header can carry would fail before the server is asked.
  if (!/^[\x21-\x7e]+$/.test(key)) return 'A key has no spaces and no accents. Copy it again.';
  try {
    await request('/v1/reports', { key });
    return undefined;
  } catch (error) {
    if (error instanceof ApiError) return error.message;
    throw error;
  }
}
