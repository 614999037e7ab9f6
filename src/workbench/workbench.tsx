import "./workbench.css";
import { type ReactNode, useEffect, useState, useSyncExternalStore } from "react";
import type { LabCard } from "../components/card.ts";
import { useProgress } from "../components/use-progress.ts";
import type { LabProgress } from "../session/progress.ts";
import { startRemote } from "../session/remote.ts";
import type { Frame, Session } from "../session/session.ts";
import { CheckPanel } from "./check-panel.tsx";
import { Cluster } from "./cluster/cluster.tsx";
import { download } from "./download.ts";
import { Files } from "./editor/files.tsx";
import { EditDialog } from "./editor/edit-dialog.tsx";
import { EventLog } from "./event-log.tsx";
import { Hints } from "./hints.tsx";
import { Terminal } from "./terminal/terminal.tsx";
import { TimeControl } from "./time-control.tsx";
import { useAttempt } from "./use-attempt.ts";
import { useDark } from "./use-dark.ts";
import { words } from "./words.ts";

interface Props {
  readonly card: LabCard;
  /** The predictions, locked. */
  readonly answers: Readonly<Record<string, string>>;
  readonly saved: LabProgress | undefined;
}

/** A running lab. It draws what the session says and holds no truth about the cluster. */
export function Workbench({ card, answers, saved }: Props): ReactNode {
  const [session, setSession] = useState<Session | undefined>();
  useEffect(() => {
    const started = startRemote(card.id, saved?.files ?? {});
    setSession(started);
    return started.close;
    // The lab is started once; what is saved later is already in it.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [card.id]);
  if (session === undefined) return <p role="status">{words.starting()}</p>;
  return <Bench card={card} answers={answers} saved={saved} session={session} />;
}

type BenchProps = Props & { readonly session: Session };

function Bench({ card, answers, saved, session }: BenchProps): ReactNode {
  const state = useSyncExternalStore(session.subscribe, session.state);
  const [isWide, setWide] = useState(false);
  const attempt = useAttempt({ card, answers, saved, session });
  if (state.status === "failed") return <Trouble why={state.trouble ?? ""} session={session} />;
  if (state.frame === undefined) {
    return (
      <p role="status" className="wb-starting">
        {words.starting()}
      </p>
    );
  }
  return (
    <div className={isWide ? "wb is-wide" : "wb"} data-ready>
      <Toolbar card={card} session={session} isWide={isWide} setWide={setWide} onReset={attempt.reset} />
      <TimeControl session={session} frame={state.frame} />
      <StoryButton card={card} session={session} frame={state.frame} />
      <Panels card={card} session={session} frame={state.frame} attempt={attempt} />
      <EventLog session={session} log={state.log} now={state.frame.now} />
      <CheckPanel
        card={card}
        session={session}
        checking={attempt.checking}
        onCheck={attempt.check}
        onWatch={attempt.watch}
      />
      <Hints card={card} opened={attempt.hints} attempts={attempt.attempts} onOpen={attempt.openHint} />
      <StorageWarning />
      {state.frame.editing === undefined ? null : <EditDialog session={session} editing={state.frame.editing} />}
    </div>
  );
}

interface PanelsProps {
  readonly card: LabCard;
  readonly session: Session;
  readonly frame: Frame;
  readonly attempt: ReturnType<typeof useAttempt>;
}

function Panels({ card, session, frame, attempt }: PanelsProps): ReactNode {
  const isDark = useDark();
  const [type, setType] = useState<((line: string) => void) | undefined>();
  const canApply = card.handIn.length > 0 && type !== undefined;
  const apply = (): void => {
    for (const line of card.handIn) type?.(line);
  };
  return (
    <div className="wb-panels">
      <Files
        card={card}
        files={{ ...attempt.files, ...filesOnlyIn(frame.files, attempt.files) }}
        isDark={isDark}
        onEdit={attempt.edit}
        onApply={canApply ? apply : undefined}
      />
      <Terminal session={session} isDark={isDark} onReady={(typer) => setType(() => typer)} />
      <Cluster view={frame.view} />
    </div>
  );
}

/** Files that a command wrote and the page did not know. */
function filesOnlyIn(
  world: Readonly<Record<string, string>>,
  own: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(world).filter(([path]) => own[path] === undefined));
}

interface ToolbarProps {
  readonly card: LabCard;
  readonly session: Session;
  readonly isWide: boolean;
  readonly setWide: (isWide: boolean) => void;
  readonly onReset: () => void;
}

function Toolbar({ card, session, isWide, setWide, onReset }: ToolbarProps): ReactNode {
  const save = (): void => {
    void session.recording().then((text) => download(`${card.id.replaceAll("/", ".")}.recording.json`, text));
  };
  return (
    <div className="wb-toolbar">
      <button type="button" onClick={onReset}>
        {words.reset()}
      </button>
      <button type="button" onClick={save}>
        {words.download()}
      </button>
      <button type="button" aria-pressed={isWide} onClick={() => setWide(!isWide)}>
        {isWide ? words.narrow() : words.widen()}
      </button>
    </div>
  );
}

interface StoryProps {
  readonly card: LabCard;
  readonly session: Session;
  readonly frame: Frame;
}

function StoryButton({ card, session, frame }: StoryProps): ReactNode {
  if (!card.hasStory) return null;
  const label = { none: words.story(), ready: words.story(), playing: words.storyPlaying(), over: words.storyOver() }[
    frame.story
  ];
  return (
    <button
      type="button"
      className="wb-story-button"
      disabled={frame.story === "playing"}
      onClick={() => session.playStory()}
    >
      {label}
    </button>
  );
}

function Trouble({ why, session }: { readonly why: string; readonly session: Session }): ReactNode {
  return (
    <div role="alert" className="wb-warning">
      <p>{words.trouble(why)}</p>
      <button type="button" onClick={() => session.reset()}>
        {words.reset()}
      </button>
    </div>
  );
}

function StorageWarning(): ReactNode {
  const { trouble } = useProgress();
  return trouble === undefined ? null : <p className="wb-warning">{words.notSaved()}</p>;
}
