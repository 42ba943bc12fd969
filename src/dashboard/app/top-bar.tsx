import { BrandMark } from '../components/icons.tsx';
import { FreshnessPill } from './freshness-pill.tsx';
import { ThemeSwitch } from './theme-switch.tsx';

/** The bar over every page: whose it is, which page, how fresh. */
export function TopBar({ page }: { page: string }) {
  return (
    <header className="top-bar">
      <a className="skip" href="#main">
        Skip to the figures
      </a>
      <div className="top-bar-inner">
        <a className="brand" href="/">
          <BrandMark />
          <span>Slicehouse</span>
        </a>
        <span className="page-name">{page}</span>
        <ThemeSwitch />
        <FreshnessPill />
      </div>
    </header>
  );
}
