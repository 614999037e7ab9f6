// After RFC 7234 section 5.5 and kubernetes v1.36 staging/src/k8s.io/apimachinery/pkg/util/net/http.go NewWarningHeader; not modelled: the limit of 4 KiB for all.

/** The `warning` header of an answer: each as `299 - "text"`, once; several are joined by a line break. */
export function warningHeader(warnings: readonly string[]): Readonly<Record<string, string>> {
  if (warnings.length === 0) return {};
  return { warning: [...new Set(warnings)].map((text) => `299 - ${quoted(text)}`).join("\n") };
}

function quoted(text: string): string {
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}

/** The same as a part of an answer. */
export function withWarnings(warnings: readonly string[]): { readonly headers?: Readonly<Record<string, string>> } {
  return warnings.length === 0 ? {} : { headers: warningHeader(warnings) };
}
