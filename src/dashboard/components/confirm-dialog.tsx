import { type ReactNode, useId, useLayoutEffect, useRef } from 'react';
import './confirm-dialog.css';

interface ConfirmDialogProps {
  title: string;
  /** What the button says that does it. */
  action: string;
  /** What it does cannot be taken back. */
  danger?: boolean;
  children: ReactNode;
  onConfirm: () => void;
  onClose: () => void;
}

/**
 * Asks before something is done, for as long as it is on the page. The browser keeps the focus inside, closes it on
 * Escape, and puts the focus back.
 */
export function ConfirmDialog({ title, action, danger = false, children, onConfirm, onClose }: ConfirmDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useLayoutEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    // Closing before it is taken off the page is what gives the focus back.
    return () => shown?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      className="confirm"
      aria-labelledby={`${id}-title`}
      aria-describedby={`${id}-text`}
      onCancel={onClose}
    >
      <h2 id={`${id}-title`}>{title}</h2>
      <div id={`${id}-text`}>{children}</div>
      <div className="confirm-actions">
        <button type="button" className="button" onClick={onClose}>
          Cancel
        </button>
        <button type="button" className={`button ${danger ? 'danger' : 'primary'}`} onClick={onConfirm}>
          {action}
        </button>
      </div>
    </dialog>
  );
}
