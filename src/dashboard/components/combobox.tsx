import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { ChevronIcon } from './icons.tsx';
import { type ComboboxOption, matching } from './matching.ts';
import './combobox.css';

interface ComboboxProps {
  label: string;
  options: readonly ComboboxOption[];
  value: string;
  onChange: (value: string) => void;
  /** An option that may be chosen next: fetch what it needs. */
  onLookAt: (value: string) => void;
  /** Drawn at the end of an option's row. */
  detail?: (value: string) => ReactNode;
}

/** A list to choose one of, found by typing: the editable combobox of the WAI-ARIA patterns. */
export function Combobox({ label, options, value, onChange, onLookAt, detail }: ComboboxProps) {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const { typed, open, found, active, ...act } = useCombobox(options, value, onLookAt, onChange);
  useEffect(() => {
    // What is typed next replaces the name that was just chosen.
    if (typed === undefined && value && document.activeElement === input.current) input.current?.select();
  }, [typed, value]);
  const chosen = options.find((option) => option.value === value);
  return (
    <div className="combobox">
      <input
        ref={input}
        role="combobox"
        aria-label={label}
        aria-autocomplete="list"
        aria-expanded={open}
        aria-controls={`${id}-list`}
        aria-activedescendant={open && active ? `${id}-${active.value}` : undefined}
        autoComplete="off"
        spellCheck={false}
        value={typed ?? chosen?.label ?? ''}
        onChange={(event) => act.type(event.target.value)}
        onKeyDown={act.press}
        onFocus={(event) => event.target.select()}
        onClick={act.show}
        onBlur={act.close}
      />
      <span className="combobox-chevron">
        <ChevronIcon />
      </span>
      <Options
        id={id}
        open={open}
        label={label}
        found={found}
        active={active?.value}
        value={value}
        detail={detail}
        onLookAt={act.look}
        onChoose={act.choose}
      />
    </div>
  );
}

/** What is typed, found and about to be chosen, and what keys do about it. */
function useCombobox(
  options: readonly ComboboxOption[],
  value: string,
  onLookAt: (value: string) => void,
  onChoose: (value: string) => void,
) {
  const [typed, setTyped] = useState<string>();
  const [open, setOpen] = useState(false);
  const [activeValue, setActive] = useState(value);
  const found = typed === undefined ? options : matching(options, typed);
  const at = Math.max(
    0,
    found.findIndex((option) => option.value === activeValue),
  );
  const active = found[at];

  const show = () => {
    if (open) return;
    setActive(value);
    setOpen(true);
  };
  const close = () => {
    setOpen(false);
    setTyped(undefined);
  };
  const look = (next: ComboboxOption | undefined) => {
    if (!next) return;
    setActive(next.value);
    onLookAt(next.value);
  };
  const choose = (option: ComboboxOption | undefined) => {
    close();
    if (option) onChoose(option.value);
  };
  const type = (text: string) => {
    setTyped(text);
    setOpen(true);
    look(matching(options, text)[0]);
  };
  const press = (event: KeyboardEvent) => {
    const step = steps[event.key];
    if (step && (open || event.key.startsWith('Arrow'))) {
      event.preventDefault();
      if (open) look(found[step(at, found.length)]);
      else show();
    } else if (event.key === 'Enter' && open) {
      event.preventDefault();
      choose(active);
    } else if (event.key === 'Escape') close();
  };
  return { typed, open, found, active, show, close, look, choose, type, press };
}

const pageRows = 8;
const steps: Readonly<Record<string, (at: number, count: number) => number>> = {
  ArrowDown: (at, count) => (at + 1) % count,
  ArrowUp: (at, count) => (at - 1 + count) % count,
  PageDown: (at, count) => Math.min(count - 1, at + pageRows),
  PageUp: (at) => Math.max(0, at - pageRows),
};

interface OptionsProps {
  id: string;
  open: boolean;
  label: string;
  found: readonly ComboboxOption[];
  active: string | undefined;
  value: string;
  detail: ((value: string) => ReactNode) | undefined;
  onLookAt: (option: ComboboxOption) => void;
  onChoose: (option: ComboboxOption) => void;
}

function Options({ id, open, label, found, active, value, detail, onLookAt, onChoose }: OptionsProps) {
  const list = useRef<HTMLDivElement>(null);
  const wasOpen = useRef(false);
  useEffect(() => {
    const block = wasOpen.current ? 'nearest' : 'center';
    wasOpen.current = open;
    const box = list.current;
    const option = open && active !== undefined ? box?.querySelector<HTMLElement>('[data-active]') : undefined;
    if (box && option) keepInView(box, option, block);
  }, [open, active]);
  return (
    <div
      ref={list}
      id={`${id}-list`}
      className="combobox-list"
      role="listbox"
      aria-label={label}
      hidden={!open}
      tabIndex={-1}
    >
      {open &&
        found.map((option) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are heard by the input, which keeps the focus
          <div
            key={option.value}
            id={`${id}-${option.value}`}
            className="combobox-option"
            role="option"
            tabIndex={-1}
            aria-selected={option.value === value}
            data-active={option.value === active ? '' : undefined}
            onPointerMove={() => option.value !== active && onLookAt(option)}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => onChoose(option)}
          >
            <span className="combobox-name">{option.label}</span>
            {option.code !== undefined && <span className="combobox-code">{option.code}</span>}
            <span className="combobox-detail">{detail?.(option.value)}</span>
          </div>
        ))}
      {open && found.length === 0 && (
        <div className="combobox-option" role="option" aria-selected="false" aria-disabled="true" tabIndex={-1}>
          Nothing is called that
        </div>
      )}
    </div>
  );
}

/** Scrolls the list alone; the browser's own way would move the page under it. */
function keepInView(box: HTMLElement, option: HTMLElement, block: 'nearest' | 'center'): void {
  const { offsetTop: top, offsetHeight: height } = option;
  const margin = block === 'center' ? (box.clientHeight - height) / 2 : 6;
  if (top - margin < box.scrollTop) box.scrollTop = top - margin;
  else if (top + height + margin > box.scrollTop + box.clientHeight)
    box.scrollTop = top + height + margin - box.clientHeight;
}
