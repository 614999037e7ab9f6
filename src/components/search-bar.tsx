import Link from "@docusaurus/Link";
import { translate } from "@docusaurus/Translate";
import useBaseUrl from "@docusaurus/useBaseUrl";
import { type KeyboardEvent, type ReactNode, useRef, useState } from "react";

interface Found {
  readonly url: string;
  readonly title: string;
  /** With `<mark>` around what was looked for; nothing else is markup. */
  readonly excerpt: string;
}

/** What is used of Pagefind's browser module. */
interface Pagefind {
  debouncedSearch(text: string): Promise<{ readonly results: readonly { data(): Promise<PagefindPage> }[] } | null>;
}

interface PagefindPage {
  readonly url: string;
  readonly meta: Readonly<Record<string, string>>;
  readonly excerpt: string;
}

const RESULTS_MAX = 6;

/** Search over all chapters. The index is loaded with the first letter typed; it exists in a built site only. */
export function SearchBar(): ReactNode {
  const base = useBaseUrl("/pagefind/pagefind.js");
  const pagefind = useRef<Promise<Pagefind> | undefined>(undefined);
  const [found, setFound] = useState<readonly Found[]>([]);
  const [said, say] = useState("");
  const search = async (text: string): Promise<void> => {
    if (text.trim() === "") return clear();
    try {
      pagefind.current ??= import(/* webpackIgnore: true */ base) as Promise<Pagefind>;
      const answer = await (await pagefind.current).debouncedSearch(text);
      if (answer === null) return; // The reader typed on.
      const pages = await Promise.all(answer.results.slice(0, RESULTS_MAX).map((result) => result.data()));
      setFound(pages.map((page) => ({ url: page.url, title: page.meta["title"] ?? page.url, excerpt: page.excerpt })));
      say(translate({ id: "search.found", message: "{count} pages found" }, { count: answer.results.length }));
    } catch {
      say(translate({ id: "search.missing", message: "Search works in the built site only." }));
    }
  };
  const clear = (): void => {
    setFound([]);
    say("");
  };
  const onKey = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (event.key !== "Escape") return;
    event.currentTarget.value = "";
    clear();
  };
  const label = translate({ id: "search.label", message: "Search" });
  return (
    <div className="search">
      <input
        type="search"
        placeholder={label}
        aria-label={label}
        onChange={(event) => void search(event.target.value)}
        onKeyDown={onKey}
      />
      <span role="status" className={found.length > 0 || said === "" ? "visually-hidden" : "search-said"}>
        {said}
      </span>
      {found.length === 0 ? null : (
        <ul className="search-results">
          {found.map((page) => (
            <li key={page.url}>
              <Link to={page.url} autoAddBaseUrl={false} onClick={clear}>
                <strong>{page.title}</strong>
                <span>
                  <Marked text={page.excerpt} />
                </span>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** Pagefind's excerpt: text with escaped entities and `<mark>`. */
function Marked({ text }: { readonly text: string }): ReactNode {
  return text.split(/<mark>(.*?)<\/mark>/).map((part, index) => {
    const plain = part
      .replaceAll("&lt;", "<")
      .replaceAll("&gt;", ">")
      .replaceAll("&quot;", '"')
      .replaceAll("&amp;", "&");
    // oxlint-disable-next-line react/no-array-index-key
    return index % 2 === 1 ? <mark key={index}>{plain}</mark> : plain;
  });
}
