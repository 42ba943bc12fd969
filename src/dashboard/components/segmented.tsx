import type { ReactNode } from 'react';

interface Option<Value extends string> {
  readonly value: Value;
  /** What it is called; also its tooltip. */
  readonly label: string;
  /** What is drawn instead of the label. */
  readonly content?: ReactNode;
}

interface SegmentedProps<Value extends string> {
  label: string;
  options: readonly Option<Value>[];
  value: Value;
  onChange: (value: Value) => void;
  className?: string;
}

/** A row of buttons of which one is pressed. */
export function Segmented<Value extends string>({
  label,
  options,
  value,
  onChange,
  className = '',
}: SegmentedProps<Value>) {
  return (
    <fieldset className={`segmented ${className}`}>
      <legend className="visually-hidden">{label}</legend>
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          aria-pressed={option.value === value}
          onClick={() => onChange(option.value)}
          {...(option.content !== undefined && { 'aria-label': option.label, title: option.label })}
        >
          {option.content ?? option.label}
        </button>
      ))}
    </fieldset>
  );
}
