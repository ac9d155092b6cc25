import { msg } from '@lit/localize';
import type { AuditAction } from '../records/types.ts';

/** What someone did with kept studies. */
export function actionWords(action: AuditAction): string {
  switch (action) {
    case 'set-up':
      return msg('Turned on');
    case 'unlocked':
      return msg('Unlocked');
    case 'unlock-failed':
      return msg('Wrong passphrase');
    case 'locked':
      return msg('Locked');
    case 'opened':
      return msg('Opened');
    case 'kept':
      return msg('Kept');
    case 'amended':
      return msg('Reader’s word');
    case 'diagnosed':
      return msg('Final diagnosis');
    case 'labelled':
      return msg('Label or list changed');
    case 'removed':
      return msg('Deleted');
    case 'expired':
      return msg('Deleted by age');
    case 'exported':
      return msg('Exported');
    case 'backed-up':
      return msg('Backed up');
    case 'restored':
      return msg('Restored');
    case 'reader-added':
      return msg('Reader added');
    case 'reader-removed':
      return msg('Reader removed');
    case 'settings-changed':
      return msg('Settings changed');
    case 'repaired':
      return msg('Index repaired');
    case 'log-checked':
      return msg('Log checked');
  }
}
