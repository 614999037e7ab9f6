import type { ReactNode } from "react";

interface Props {
  readonly path: string;
  readonly text: string;
  readonly isDark: boolean;
  readonly onEdit: (text: string) => void;
}

export function BigEditor({ text }: Props): ReactNode {
  return <pre>{text}</pre>;
}
