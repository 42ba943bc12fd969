import type { ReactNode } from 'react';
import { SortIcon } from './icons.tsx';

interface SortHeaderProps {
  children: ReactNode;
  /** Undefined while the table is sorted by something else. */
  sorted: 'ascending' | 'descending' | undefined;
  onSort: () => void;
  className?: string;
}

/** A column's head that sorts by it. */
export function SortHeader({ children, sorted, onSort, className }: SortHeaderProps) {
  return (
    <th scope="col" className={className} aria-sort={sorted ?? 'none'}>
      <button type="button" className="sort" onClick={onSort}>
        {children}
        {sorted !== undefined && <SortIcon descending={sorted === 'descending'} />}
      </button>
    </th>
  );
}
