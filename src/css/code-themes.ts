import type { PrismTheme } from "prism-react-renderer";

/** Colours of code on the page. Each has at least 4.5:1 on its background, also on a highlighted line. */
export const lightCode: PrismTheme = theme({
  plain: "#1f2933",
  background: "#f4f6f8",
  comment: "#56606b",
  key: "#0b5394",
  string: "#1d6b2f",
  number: "#8a3ffc",
  keyword: "#a3195b",
});

export const darkCode: PrismTheme = theme({
  plain: "#e4e9ef",
  background: "#1b222b",
  comment: "#a3b0bd",
  key: "#8cc4ff",
  string: "#9fd8a6",
  number: "#d0b3ff",
  keyword: "#ffa3c7",
});

interface Palette {
  readonly plain: string;
  readonly background: string;
  readonly comment: string;
  readonly key: string;
  readonly string: string;
  readonly number: string;
  readonly keyword: string;
}

function theme(colours: Palette): PrismTheme {
  return {
    plain: { color: colours.plain, backgroundColor: colours.background },
    styles: [
      { types: ["comment", "prolog", "cdata"], style: { color: colours.comment, fontStyle: "italic" } },
      { types: ["atrule", "attr-name", "property", "tag", "function"], style: { color: colours.key } },
      { types: ["string", "attr-value", "char"], style: { color: colours.string } },
      { types: ["number", "boolean", "constant", "null"], style: { color: colours.number } },
      { types: ["keyword", "builtin", "important", "selector"], style: { color: colours.keyword } },
    ],
  };
}
