import { type ReactNode, useEffect, useRef, useState } from "react";
import type { Editing, Session } from "../../session/session.ts";
import { words } from "../words.ts";

/** The editor that `kubectl edit` opens: saving hands the text back to the command, closing cancels it. */
export function EditDialog({ session, editing }: { readonly session: Session; readonly editing: Editing }): ReactNode {
  const dialog = useRef<HTMLDialogElement>(null);
  const [text, setText] = useState(editing.text);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog
      ref={dialog}
      className="wb-dialog"
      aria-label={words.edit(editing.line)}
      onCancel={(event) => {
        event.preventDefault();
        session.interrupt();
      }}
    >
      <h4>{words.edit(editing.line)}</h4>
      <textarea
        className="wb-text"
        aria-label={words.edit(editing.line)}
        spellCheck={false}
        rows={24}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <p className="wb-toolbar">
        <button type="button" className="button-main" onClick={() => session.command(editing.line, text)}>
          {words.save()}
        </button>
        <button type="button" onClick={() => session.interrupt()}>
          {words.discard()}
        </button>
      </p>
    </dialog>
  );
}
