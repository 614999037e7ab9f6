export async function finishSite(_site: { readonly outDir: string; readonly baseUrl: string }): Promise<void> {}
