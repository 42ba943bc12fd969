import { type RefObject, useLayoutEffect, useState } from 'react';

const margin = 15;
/** Up to so many rows everything is drawn: the browser's own search then finds them all. */
const drawnMax = 120;

/** The rows of a long table that are near the screen: from `from`, up to and without `to`. */
export function useWindow(
  body: RefObject<HTMLElement | null>,
  rows: number,
  rowHeight: number,
): { from: number; to: number } {
  const [first, setFirst] = useState(0);
  const [fitting, setFitting] = useState(40);
  const long = rows > drawnMax;
  useLayoutEffect(() => {
    if (!long) return;
    const measure = () => {
      const top = body.current?.getBoundingClientRect().top ?? 0;
      // Whole steps of ten rows: React draws again on a step, not on every pixel scrolled.
      setFirst(Math.max(0, Math.floor(-top / rowHeight / 10) * 10));
      setFitting(Math.ceil(innerHeight / rowHeight));
    };
    measure();
    addEventListener('scroll', measure, { passive: true });
    addEventListener('resize', measure);
    return () => {
      removeEventListener('scroll', measure);
      removeEventListener('resize', measure);
    };
  }, [body, long, rowHeight]);
  if (!long) return { from: 0, to: rows };
  const from = Math.min(Math.max(0, first - margin), Math.max(0, rows - fitting));
  return { from, to: Math.min(rows, first + 10 + fitting + margin) };
}
