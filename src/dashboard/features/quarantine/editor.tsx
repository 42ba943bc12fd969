import { type Ref, useEffect, useId, useImperativeHandle, useRef } from 'react';
import type { Fault } from '../../../contract/errors.ts';
import { jsonMistake } from './json-mistake.ts';
import { locate } from './locate.ts';

/** What can be asked of an editor. */
export interface EditorHandle {
  /** Selects the value that a fault is about. */
  show(fault: Fault): void;
}

interface EditorProps {
  ref: Ref<EditorHandle>;
  text: string;
  faults: readonly Fault[];
  onChange: (text: string) => void;
}

/** A plain editor for the corrected order; says while one types whether it is JSON. */
export function Editor({ ref, text, faults, onChange }: EditorProps) {
  const area = useRef<HTMLTextAreaElement>(null);
  const id = useId();
  const mistake = jsonMistake(text);
  useImperativeHandle(ref, () => ({ show: (fault) => area.current && select(area.current, fault) }));
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when the editor opens
  useEffect(() => {
    const [first] = faults;
    if (!area.current) return;
    area.current.focus();
    // The faults of the moment the editor opens; later ones are shown when they are asked for.
    if (first) select(area.current, first);
  }, []);
  return (
    <div className="editor">
      <textarea
        ref={area}
        aria-label="Corrected order, as JSON"
        aria-invalid={mistake !== undefined}
        aria-describedby={`${id}-mistake`}
        spellCheck={false}
        autoCapitalize="off"
        autoComplete="off"
        value={text}
        onChange={(event) => onChange(event.target.value)}
      />
      <div className="editor-foot">
        <p id={`${id}-mistake`} className={mistake === undefined ? '' : 'mistake'} role="status">
          {mistake === undefined ? 'This is JSON. The server judges the rest.' : `Not JSON yet: ${mistake}`}
        </p>
        <button
          type="button"
          className="button"
          disabled={mistake !== undefined}
          onClick={() => onChange(JSON.stringify(JSON.parse(text), null, 2))}
        >
          Lay out
        </button>
      </div>
    </div>
  );
}

function select(area: HTMLTextAreaElement, { path }: Fault): void {
  const span = locate(area.value, path);
  if (!span) return;
  area.focus();
  // Setting a caret scrolls it into view; selecting a range alone does not.
  area.setSelectionRange(span.from, span.from);
  area.blur();
  area.focus();
  area.setSelectionRange(span.from, span.to);
}
