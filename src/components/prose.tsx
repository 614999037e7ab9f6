import { Fragment, type ReactNode } from "react";

/** The little Markdown that labs and quizzes are written in: paragraphs, lists, code, emphasis. Nothing else is interpreted. */
export function Prose({ text }: { readonly text: string }): ReactNode {
  return blocksOf(text).map((block, index) => <Block key={index} block={block} />);
}

/** One line of it, without a paragraph around. */
export function Inline({ text }: { readonly text: string }): ReactNode {
  return text
    .split(/(`[^`]+`|\*\*[^*]+\*\*|\*[^*\s][^*]*\*|\[[^\]]+\]\([^)\s]+\))/)
    .map((part, index) => <Fragment key={index}>{inlineOf(part)}</Fragment>);
}

function inlineOf(part: string): ReactNode {
  if (part.startsWith("`")) return <code>{part.slice(1, -1)}</code>;
  if (part.startsWith("**")) return <strong>{part.slice(2, -2)}</strong>;
  const link = /^\[([^\]]+)\]\((https?:\/\/[^)\s]+|\/[^)\s]*|#[^)\s]*)\)$/.exec(part);
  if (link !== null) return <a href={link[2]}>{link[1]}</a>;
  return /^\*[^*]+\*$/.test(part) ? <em>{part.slice(1, -1)}</em> : part;
}

type ProseBlock =
  | { readonly kind: "paragraph"; readonly text: string }
  | { readonly kind: "list"; readonly isOrdered: boolean; readonly items: readonly string[] }
  | { readonly kind: "code"; readonly text: string };

function blocksOf(text: string): readonly ProseBlock[] {
  const parts = text.split(/^```\w*\n([\s\S]*?)^```$/m);
  return parts.flatMap((part, index): readonly ProseBlock[] =>
    index % 2 === 1
      ? [{ kind: "code", text: part }]
      : part
          .trim()
          .split(/\n\s*\n/)
          .flatMap(blockOf),
  );
}

function blockOf(text: string): readonly ProseBlock[] {
  if (text.trim() === "") return [];
  const lines = text.trim().split("\n");
  const isOrdered = lines.every((line) => /^(\d+\.|\s{2,})/.test(line));
  const isList = isOrdered || lines.every((line) => /^([-*] |\s{2,})/.test(line));
  if (!isList) return [{ kind: "paragraph", text: lines.join(" ") }];
  const items = text
    .trim()
    .split(/\n(?=[-*] |\d+\.)/)
    .map((item) => item.replace(/^([-*]|\d+\.)\s+/, "").replace(/\n\s*/g, " "));
  return [{ kind: "list", isOrdered, items }];
}

function Block({ block }: { readonly block: ProseBlock }): ReactNode {
  switch (block.kind) {
    case "paragraph":
      return (
        <p>
          <Inline text={block.text} />
        </p>
      );
    case "code":
      return <pre tabIndex={0}>{block.text}</pre>;
    case "list": {
      const items = block.items.map((item) => (
        <li key={item}>
          <Inline text={item} />
        </li>
      ));
      return block.isOrdered ? <ol>{items}</ol> : <ul>{items}</ul>;
    }
  }
}
