import { useEffect, useRef } from 'react';
import { hasMoved } from './navigation.ts';

interface PageHeadingProps {
  /** Of the page, and of the document. */
  title: string;
  className?: string;
}

/** The heading of a page. Whoever comes from another page is put here, so that a screen reader says where. */
export function PageHeading({ title, className }: PageHeadingProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · Slicehouse`;
  }, [title]);
  useEffect(() => {
    if (hasMoved()) heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <h1 ref={heading} className={className} tabIndex={-1}>
      {title}
    </h1>
  );
}
