/** The browser's own modal dialog: it keeps the focus inside, closes with Escape and gives the focus back. */
import { useEffect, useId, useRef, type ReactNode } from 'react'
import { text } from '../texts'
import cssButton from './button.module.css'
import cssDialog from './Dialog.module.css'

export function Dialog({ title, onClose, children }: { title: string; onClose: () => void; children: ReactNode }) {
  const dialog = useRef<HTMLDialogElement>(null)
  const id = useId()
  useEffect(() => {
    const node = dialog.current
    const before = document.activeElement
    if (node && !node.open) node.showModal()
    return () => {
      node?.close()
      if (before instanceof HTMLElement) before.focus()
    }
  }, [])
  return (
    <dialog
      className={cssDialog.dialog}
      ref={dialog}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
    >
      <div className={cssDialog.dialogHead}>
        <h2 id={id}>{title}</h2>
        <button
          type="button"
          className={`${cssButton.button} ${cssButton.quiet} ${cssButton.icon}`}
          onClick={onClose}
          aria-label={text.common.close}
        >
          <svg viewBox="0 0 16 16" aria-hidden="true">
            <path d="M3.5 3.5l9 9m0-9l-9 9" />
          </svg>
        </button>
      </div>
      {children}
    </dialog>
  )
}
