// After kubernetes v1.36 pkg/apis/core/helper GetAccessModesAsString.

const short: Readonly<Record<string, string>> = {
  ReadWriteOnce: "RWO",
  ReadOnlyMany: "ROX",
  ReadWriteMany: "RWX",
  ReadWriteOncePod: "RWOP",
};

/** `RWO,ROX`: each mode once, in the order of the table above. */
export function accessModesCell(modes: readonly string[] | undefined): string {
  return Object.keys(short)
    .filter((mode) => modes?.includes(mode) === true)
    .map((mode) => short[mode])
    .join(",");
}
