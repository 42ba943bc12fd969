import type { ReactNode } from 'react';

function Icon({ children }: { children: ReactNode }) {
  return (
    <svg
      className="icon"
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      {children}
    </svg>
  );
}

/** The slice that is the product's mark. */
export function BrandMark() {
  return (
    <svg className="brand-mark" viewBox="0 0 32 32" aria-hidden="true">
      <path d="M16 30 3.4 8.2A25.4 25.4 0 0 1 28.6 8.2Z" fill="#f3c554" />
      <path d="M3.4 8.2A25.4 25.4 0 0 1 28.6 8.2l-2.2 3.8a20.9 20.9 0 0 0-20.8 0Z" fill="#b5703a" />
      <circle cx="12.4" cy="15" r="2.9" fill="#cf3f2a" />
      <circle cx="19.4" cy="16.4" r="2.9" fill="#cf3f2a" />
      <circle cx="15.7" cy="22.2" r="2.4" fill="#cf3f2a" />
    </svg>
  );
}

/** Opens a list. */
export function ChevronIcon() {
  return (
    <Icon>
      <path d="m4.5 6.5 3.5 3.5 3.5-3.5" />
    </Icon>
  );
}

/** Looks for something. */
export function SearchIcon() {
  return (
    <Icon>
      <circle cx="7" cy="7" r="4.25" />
      <path d="m10.25 10.25 3.25 3.25" />
    </Icon>
  );
}

/** Follow the system's theme. */
export function MonitorIcon() {
  return (
    <Icon>
      <rect x="1.75" y="2.75" width="12.5" height="8.5" rx="1.5" />
      <path d="M5.75 13.750h4.5" />
    </Icon>
  );
}

/** Light. */
export function SunIcon() {
  return (
    <Icon>
      <circle cx="8" cy="8" r="2.75" />
      <path d="M8 1.500v1.250M8 13.250v1.250M1.5 8h1.250M13.25 8h1.250M3.4 3.400l.9.9M11.7 11.700l.9.9M3.4 12.600l.9-.9M11.7 4.300l.9-.9" />
    </Icon>
  );
}

/** Dark. */
export function MoonIcon() {
  return (
    <Icon>
      <path d="M13.25 9.600A5.75 5.75 0 0 1 6.4 2.750a5.75 5.75 0 1 0 6.85 6.850Z" />
    </Icon>
  );
}

/** Sorted this way. */
export function SortIcon({ descending }: { descending: boolean }) {
  return (
    <Icon>
      <path d={descending ? 'M8 3.500v9M4.5 9 8 12.5 11.5 9' : 'M8 12.500v-9M4.5 7 8 3.5 11.5 7'} />
    </Icon>
  );
}

/** Something to save as a file. */
export function DownloadIcon() {
  return (
    <Icon>
      <path d="M8 2.500v7.250M4.75 6.75 8 10l3.25-3.250M2.75 13.250h10.5" />
    </Icon>
  );
}

/** Leave. */
export function SignOutIcon() {
  return (
    <Icon>
      <path d="M6.250 2.750h-2a1.500 1.500 0 0 0-1.500 1.500v7.500a1.500 1.500 0 0 0 1.500 1.500h2M10 4.750 13.250 8 10 11.250M13.250 8H6.250" />
    </Icon>
  );
}

/** As it should be. */
export function CheckIcon() {
  return (
    <Icon>
      <path d="m3.500 8.500 3 3 6-7" />
    </Icon>
  );
}

/** Not as it should be. */
export function WarningIcon() {
  return (
    <Icon>
      <path d="M8 2.500 14 13H2ZM8 6.500v3M8 11.250v.010" />
    </Icon>
  );
}

/** Goes back. */
export function BackIcon() {
  return (
    <Icon>
      <path d="M9.500 4 5.500 8l4 4" />
    </Icon>
  );
}
