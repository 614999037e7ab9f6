import index from "@generated/workbook/default/labs.json";
import { type ChangeEvent, type ReactNode, useState } from "react";
import { type ProgressState, progressStore, type Trouble } from "../session/progress-store.ts";
import { download } from "../workbench/download.ts";
import { words } from "./progress-words.ts";
import { useProgress } from "./use-progress.ts";

/** What the build knows of all labs and quizzes. */
interface Index {
  readonly labs: readonly { readonly id: string; readonly title: string; readonly points: number }[];
  readonly quizzes: readonly { readonly chapter: string; readonly items: number }[];
}

/** Labs and quizzes with what was reached, and the learner's copy of it. */
export function ProgressReport(): ReactNode {
  const state = useProgress();
  const { labs, quizzes } = index as Index;
  return (
    <>
      <p>{words.where()}</p>
      <TroubleNote state={state} />
      <h2>{words.labs()}</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">{words.lab()}</th>
            <th scope="col">{words.state()}</th>
          </tr>
        </thead>
        <tbody>
          {labs.map((lab) => (
            <tr key={lab.id} data-lab={lab.id}>
              <th scope="row">{lab.title}</th>
              <td>{stateOf(state, lab.id, lab.points)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <h2>{words.quizzes()}</h2>
      <ul>
        {quizzes.map(({ chapter, items }) => (
          <li key={chapter} data-quiz={chapter}>
            {words.right(chapter, rightIn(state, chapter), items)}
          </li>
        ))}
      </ul>
      <Copies />
    </>
  );
}

function stateOf({ progress }: ProgressState, id: string, points: number): string {
  const lab = progress.labs[id];
  if (lab === undefined) return words.untouched();
  return `${lab.passed ? `✓ ${words.solved()}` : words.started()}, ${words.points(lab.points, points)}`;
}

function rightIn({ progress }: ProgressState, chapter: string): number {
  return Object.entries(progress.items).filter(([id, item]) => id.startsWith(`${chapter}/`) && item.isRight).length;
}

function TroubleNote({ state }: { readonly state: ProgressState }): ReactNode {
  if (state.trouble === undefined) return null;
  const store = progressStore();
  const says: Readonly<Record<Trouble, string>> = {
    denied: words.denied(),
    full: words.full(),
    damaged: words.damaged(),
  };
  return (
    <div className="warning" role="alert">
      <p>{says[state.trouble]}</p>
      {state.trouble === "damaged" ? (
        <p className="progress-buttons">
          <button
            type="button"
            className="button-quiet"
            onClick={() => download("progress-damaged.txt", store.damaged() ?? "", "text/plain")}
          >
            {words.exportDamaged()}
          </button>
          <button type="button" className="button-quiet" onClick={() => store.dropDamaged()}>
            {words.dropDamaged()}
          </button>
        </p>
      ) : null}
    </div>
  );
}

/** Export, import, delete. */
function Copies(): ReactNode {
  const [said, say] = useState("");
  const store = (): ReturnType<typeof progressStore> => progressStore();
  const read = (event: ChangeEvent<HTMLInputElement>): void => {
    const file = event.target.files?.[0];
    event.target.value = "";
    void file?.text().then((text) => {
      const why = store().add(text);
      say(why === undefined ? words.imported() : words.importFailed(why));
    });
  };
  return (
    <>
      <p className="progress-buttons">
        <button
          type="button"
          className="button-main"
          onClick={() => download("kube-workbook-progress.json", JSON.stringify(store().state().progress, null, 2))}
        >
          {words.exportAll()}
        </button>
        <label className="button-quiet">
          {words.importFile()}{" "}
          <input type="file" accept="application/json,.json" className="visually-hidden" onChange={read} />
        </label>
        <button
          type="button"
          className="button-quiet"
          onClick={() => (window.confirm(words.clearSure()) ? store().clear() : undefined)}
        >
          {words.clear()}
        </button>
      </p>
      <p role="status">{said}</p>
    </>
  );
}
