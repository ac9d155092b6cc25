/** Whether a PDF is one of those that are opened as a picture; the code for it comes with the first. */
export async function pdfHoldsRadiograph(source: Blob): Promise<boolean> {
  const [{ holdsRadiograph }, bytes] = await Promise.all([
    import('./formats/pdf/pdf.ts'),
    source.arrayBuffer(),
  ]);
  return holdsRadiograph(new Uint8Array(bytes));
}
