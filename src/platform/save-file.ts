/**
 * Gives a file to the person: a download, or the share sheet where an installed app on iOS would
 * trap a download in a page without a way back.
 */
export async function saveFile(file: File): Promise<void> {
  if (isStandaloneIos() && navigator.canShare?.({ files: [file] })) {
    try {
      await navigator.share({ files: [file] });
    } catch (reason) {
      // The person closed the sheet.
      if (!(reason instanceof DOMException && reason.name === 'AbortError')) throw reason;
    }
    return;
  }
  const address = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = address;
  link.download = file.name;
  document.body.append(link);
  link.click();
  link.remove();
  // Some browsers read the bytes only after the click has returned.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

function isStandaloneIos(): boolean {
  return (navigator as { standalone?: boolean }).standalone === true;
}
