import type { ReactNode } from 'react';

interface Option<Value extends string> {
  readonly value: Value;
  /** What it is called; also its tooltip. */
  readonly label: string;
  /** What is written instead of the label where that is too long. */
  readonly content?: ReactNode;
  /** What is drawn instead of any words. */
  readonly icon?: ReactNode;
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
          title={option.icon || option.content ? option.label : undefined}
          aria-label={option.icon ? option.label : undefined}
        >
          {option.icon ?? option.content ?? option.label}
        </button>
      ))}
    </fieldset>
  );
}
