/** The download's position in words. */
import { msg, str } from '@lit/localize';
import { formatProbability, formatWait } from './format.ts';
import type { InstallProgress } from '../model/types.ts';

/** Unlike a probability, a download does reach 0 and 100 %. */
export function formatDownloaded(share: number): string {
  if (share <= 0) return '0 %';
  return share >= 1 ? '100 %' : formatProbability(share);
}

export function phaseWords(progress: InstallProgress | null): string {
  switch (progress?.phase) {
    case 'downloading':
      return msg('Downloading the model');
    case 'verifying':
      return msg('Checking every byte');
    case 'self-test':
      return msg('Testing it on this device');
    case 'activating':
    case 'done':
      return msg('Almost there');
    case 'checking':
    case undefined:
      return msg('Preparing the download');
  }
}

export function timeWords(progress: InstallProgress | null): string {
  if (progress?.phase !== 'downloading') return '';
  const { retryInSeconds, secondsLeft } = progress;
  if (retryInSeconds !== null && retryInSeconds !== undefined) {
    return msg(str`no connection, next try in ${formatWait(retryInSeconds)}`);
  }
  return secondsLeft === null ? '' : msg(str`about ${formatWait(secondsLeft)} left`);
}

/** Said once for every tenth: a voice that counts bytes helps nobody. */
export function spokenShare(progress: InstallProgress | null, paused: boolean): string {
  if (paused) return msg('Download paused');
  if (!progress || progress.bytesTotal === 0) return '';
  if (progress.phase !== 'downloading') return phaseWords(progress);
  const tenth = Math.floor((progress.bytesDone / progress.bytesTotal) * 10) * 10;
  return msg(str`${tenth} percent downloaded`);
}
