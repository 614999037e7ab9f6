/** A file of data that pages import from `@generated/workbook/default/<name>`. */
export interface DataFile {
  readonly name: string;
  readonly data: unknown;
}

export async function makeCards(): Promise<readonly DataFile[]> {
  return [];
}
