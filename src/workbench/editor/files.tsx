import { lazy, type ReactNode, Suspense, useState } from "react";
import type { LabCard } from "../../components/card.ts";
import { words } from "../words.ts";
import { usesBigEditor } from "./screen.ts";

const BigEditor = lazy(async () => ({ default: (await import("./big-editor.tsx")).BigEditor }));

interface Props {
  readonly card: LabCard;
  readonly files: Readonly<Record<string, string>>;
  readonly isDark: boolean;
  readonly onEdit: (path: string, text: string) => void;
  /** Types the commands that hand the files in. */
  readonly onApply: (() => void) | undefined;
}

/** The learner's files: one tab each; a plain text area, or on request an editor that knows Kubernetes. */
export function Files({ card, files, isDark, onEdit, onApply }: Props): ReactNode {
  const paths = Object.keys(files);
  const [chosen, setChosen] = useState<string | undefined>(card.files.find((file) => file.isEditable)?.path);
  const path = chosen !== undefined && paths.includes(chosen) ? chosen : paths[0];
  if (path === undefined) return null;
  const given = card.files.find((file) => file.path === path);
  const isEditable = given?.isEditable !== false;
  return (
    <section className="wb-panel wb-files" aria-label={words.files()}>
      <header className="wb-panel-head">
        <h4>{words.files()}</h4>
        <span className="wb-tabs" role="group" aria-label={words.files()}>
          {paths.map((name) => (
            <button key={name} type="button" aria-pressed={name === path} onClick={() => setChosen(name)}>
              {name}
            </button>
          ))}
        </span>
      </header>
      <TextEditor
        key={path}
        path={path}
        text={files[path] ?? ""}
        isEditable={isEditable}
        isDark={isDark}
        onEdit={onEdit}
      />
      <footer className="wb-panel-foot">
        {onApply === undefined ? null : (
          <button type="button" className="button-main" onClick={onApply}>
            {words.apply()}
          </button>
        )}
        {isEditable && given !== undefined && given.text !== files[path] ? (
          <button type="button" onClick={() => onEdit(path, given.text)}>
            {words.undoFile()}
          </button>
        ) : null}
        {isEditable ? null : <span className="wb-help">{words.readOnly()}</span>}
      </footer>
    </section>
  );
}

interface EditorProps {
  readonly path: string;
  readonly text: string;
  readonly isEditable: boolean;
  readonly isDark: boolean;
  readonly onEdit: (path: string, text: string) => void;
}

function TextEditor({ path, text, isEditable, isDark, onEdit }: EditorProps): ReactNode {
  const [isBig, setBig] = useState(false);
  const plain = (
    <textarea
      className="wb-text"
      aria-label={path}
      spellCheck={false}
      autoCapitalize="off"
      autoComplete="off"
      readOnly={!isEditable}
      rows={14}
      value={text}
      onChange={(event) => onEdit(path, event.target.value)}
    />
  );
  if (!isEditable || !path.endsWith(".yaml")) return plain;
  if (isBig) {
    return (
      <Suspense fallback={<p role="status">{words.loadingEditor()}</p>}>
        <BigEditor path={path} text={text} isDark={isDark} onEdit={(next) => onEdit(path, next)} />
      </Suspense>
    );
  }
  return (
    <>
      {plain}
      {usesBigEditor() ? (
        <button type="button" className="wb-big" onClick={() => setBig(true)}>
          {words.bigEditor()}
        </button>
      ) : null}
    </>
  );
}
