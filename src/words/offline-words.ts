/** What keeps the app from working without a network, and what the person can do about it. */
import { msg, str } from '@lit/localize';
import type { KeepFailure, OfflineGap } from '../platform/index.ts';

export interface OfflineWords {
  readonly heading: string;
  readonly text: string;
  /** Which button helps: try again, load the page anew, or repair the model on the status page. */
  readonly help: 'retry' | 'reload' | 'repair' | null;
}

export function offlineWords(gap: OfflineGap): OfflineWords {
  switch (gap.kind) {
    case 'unsupported':
      return {
        heading: msg('This browser cannot keep the app on this device'),
        text: msg(
          'Pictures can be read while there is a network. To work without one, leave private browsing and open the app at its https address in Chrome, Edge, Firefox or Safari.',
        ),
        help: null,
      };
    case 'not-kept':
      return notKept(gap.failure);
    case 'shell':
      return {
        heading: msg('A file of the app is missing on this device'),
        text: failureWords(gap.missing[0] ?? null, gap.missing.length),
        help: 'retry',
      };
    case 'not-controlled':
      return {
        heading: msg('This window was not opened from the app on this device'),
        text: msg('Reload the page once.'),
        help: 'reload',
      };
    case 'not-checked':
      return {
        heading: msg('The app on this device could not be checked'),
        text: msg('Close its other tabs and windows, then reload the page.'),
        help: 'reload',
      };
    case 'model':
      return {
        heading: msg('The model on this device is damaged'),
        text: msg(
          str`Not as they were built: ${gap.files.join(', ')}. Repair the model on the status page while there is a network.`,
        ),
        help: 'repair',
      };
  }
}

function notKept(failure: KeepFailure | null): OfflineWords {
  return {
    heading: msg('The app could not be kept on this device'),
    text: failureWords(failure, 1),
    help: 'retry',
  };
}

function failureWords(failure: KeepFailure | null, files: number): string {
  if (!failure) {
    return msg(
      'Allow this site to store data, leave private browsing if it is on, free some space, then try again.',
    );
  }
  const file = files > 1 ? msg(str`${failure.file} and ${files - 1} more`) : failure.file;
  switch (failure.reason) {
    case 'no-room':
      return msg(
        'The browser gives the app no room. Free some space on this device, or allow this site to store data, then try again.',
      );
    case 'changed':
      return msg(
        str`The server does not send the file that belongs to this version: ${file}. If this network asks you to sign in, do that and try again. Otherwise tell the person who runs the server that this file was changed.`,
      );
    case 'refused':
      return msg(
        str`The server does not hand out this file: ${file}. Try again; if it stays so, tell the person who runs the server.`,
      );
    case 'unreachable':
      return msg(
        str`The server could not be reached for: ${file}. Connect to the network, then try again.`,
      );
  }
}
