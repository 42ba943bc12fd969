import { useState } from 'react';
import { MonitorIcon, MoonIcon, SunIcon } from '../components/icons.tsx';
import { Segmented } from '../components/segmented.tsx';

const storageKey = 'slicehouse.theme';
type Theme = 'system' | 'light' | 'dark';

const options = [
  { value: 'system', label: 'System theme', icon: <MonitorIcon /> },
  { value: 'light', label: 'Light theme', icon: <SunIcon /> },
  { value: 'dark', label: 'Dark theme', icon: <MoonIcon /> },
] as const;

/** Chooses between light, dark and what the system says; remembered on this machine. */
export function ThemeSwitch() {
  const [theme, setTheme] = useState<Theme>(current);
  const choose = (next: Theme) => {
    setTheme(next);
    apply(next);
  };
  return <Segmented label="Theme" className="theme-switch" options={options} value={theme} onChange={choose} />;
}

function current(): Theme {
  const theme = document.documentElement.dataset['theme'];
  return theme === 'light' || theme === 'dark' ? theme : 'system';
}

function apply(theme: Theme): void {
  const { dataset } = document.documentElement;
  if (theme === 'system') delete dataset['theme'];
  else dataset['theme'] = theme;
  try {
    if (theme === 'system') localStorage.removeItem(storageKey);
    else localStorage.setItem(storageKey, theme);
  } catch {
    // Without storage the choice holds for this visit.
  }
}
