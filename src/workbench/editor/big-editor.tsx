import { type ReactNode, useEffect, useRef, useState } from "react";
import { words } from "../words.ts";
import { type Monaco, readyMonaco } from "./monaco.ts";

interface Props {
  readonly path: string;
  readonly text: string;
  readonly isDark: boolean;
  readonly onEdit: (text: string) => void;
}

interface Problem {
  readonly line: number;
  readonly text: string;
}

/** An editor that knows Kubernetes: completion, hover and diagnostics. Tab leaves it until the learner says otherwise. */
export function BigEditor({ path, text, isDark, onEdit }: Props): ReactNode {
  const place = useRef<HTMLDivElement>(null);
  const shown = useRef<Shown | undefined>(undefined);
  const edit = useRef(onEdit);
  edit.current = onEdit;
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  useEffect(() => {
    let isClosed = false;
    void readyMonaco().then((monaco) => {
      if (isClosed || place.current === null) return;
      const opened = openEditor(monaco, place.current, { path, text, isDark });
      opened.onEdit((next) => edit.current(next));
      opened.onProblems(setProblems);
      shown.current = opened;
    });
    return () => {
      isClosed = true;
      shown.current?.close();
      shown.current = undefined;
    };
    // The editor is opened once per file; text and theme follow below.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [path]);
  useEffect(() => shown.current?.setText(text), [text]);
  useEffect(() => shown.current?.setDark(isDark), [isDark]);
  return (
    <>
      <div ref={place} className="wb-monaco" data-editor />
      <p className="wb-help">{words.editorHelp()}</p>
      {problems.length === 0 ? null : (
        <ul className="wb-problems" aria-label={words.problems(problems.length)}>
          {problems.map((problem) => (
            <li key={`${problem.line} ${problem.text}`}>
              {path}:{problem.line}: {problem.text}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

interface Shown {
  readonly setText: (text: string) => void;
  readonly setDark: (isDark: boolean) => void;
  readonly onEdit: (listener: (text: string) => void) => void;
  readonly onProblems: (listener: (problems: readonly Problem[]) => void) => void;
  readonly close: () => void;
}

function openEditor(monaco: Monaco, place: HTMLElement, given: Omit<Props, "onEdit">): Shown {
  const uri = monaco.Uri.parse(`file:///home/learner/${given.path}`);
  const model = monaco.editor.getModel(uri) ?? monaco.editor.createModel(given.text, "yaml", uri);
  model.setValue(given.text);
  model.updateOptions({ tabSize: 2, insertSpaces: true });
  const editor = monaco.editor.create(place, {
    model,
    theme: themeOf(given.isDark),
    ariaLabel: given.path,
    automaticLayout: true,
    fontSize: 13,
    minimap: { enabled: false },
    renderFinalNewline: "on",
    scrollBeyondLastLine: false,
    scrollbar: { alwaysConsumeMouseWheel: false },
    tabFocusMode: true,
    quickSuggestions: { other: true, comments: false, strings: true },
    fixedOverflowWidgets: true,
  });
  return {
    setText: (text) => {
      if (text !== model.getValue()) model.setValue(text);
    },
    setDark: (isDark) => monaco.editor.setTheme(themeOf(isDark)),
    onEdit: (listener) => {
      model.onDidChangeContent(() => listener(model.getValue()));
    },
    onProblems: (listener) => {
      monaco.editor.onDidChangeMarkers(() => listener(problemsOf(monaco, model.uri.toString())));
    },
    close: () => {
      editor.dispose();
      model.dispose();
    },
  };
}

function problemsOf(monaco: Monaco, uri: string): readonly Problem[] {
  const markers = monaco.editor.getModelMarkers({}).filter((marker) => marker.resource.toString() === uri);
  return markers.map((marker) => ({ line: marker.startLineNumber, text: marker.message }));
}

function themeOf(isDark: boolean): string {
  return isDark ? "workbook-dark" : "workbook-light";
}
