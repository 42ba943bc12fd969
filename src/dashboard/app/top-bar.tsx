import { BrandMark, SignOutIcon } from '../components/icons.tsx';
import { FreshnessPill } from './freshness-pill.tsx';
import { Link } from './link.tsx';
import type { Route } from './routes.ts';
import { signOut, useSession } from './session.ts';
import { ThemeSwitch } from './theme-switch.tsx';

const pages = [
  { href: '/', name: 'States', of: ['states'] },
  { href: '/pipeline', name: 'Pipeline', of: ['pipeline'] },
  { href: '/quarantine', name: 'Quarantine', of: ['quarantine', 'record'] },
] as const;

/** The bar over every page: whose it is, which pages there are, how fresh the figures are. */
export function TopBar({ page }: { page: Route['page'] }) {
  const { key, refusal } = useSession();
  return (
    <header className="top-bar">
      <a className="skip" href="#main">
        Skip to the figures
      </a>
      <div className="top-bar-inner">
        <Link className="brand" href="/">
          <BrandMark />
          <span>Slicehouse</span>
        </Link>
        <nav className="pages" aria-label="Pages">
          {pages.map(({ href, name, of }) => (
            <Link key={href} href={href} aria-current={of.some((one) => one === page) ? 'page' : undefined}>
              {name}
            </Link>
          ))}
        </nav>
        <ThemeSwitch />
        {key !== undefined && (
          <button type="button" className="sign-out" onClick={signOut} title="Sign out" aria-label="Sign out">
            <SignOutIcon />
          </button>
        )}
        {refusal === undefined && <FreshnessPill />}
      </div>
    </header>
  );
}
