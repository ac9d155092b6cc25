import { msg } from '@lit/localize';
import { Fault } from '../../base/fault.ts';

/** Pictures are never kept: to see one, its folder has to be open. */
export class FolderNotOpen extends Fault {
  readonly code = 'evaluation-folder-not-open';
  constructor() {
    super(
      msg('The folder of this evaluation is not open.'),
      msg('Open it at the top of this page to see its pictures.'),
    );
  }
}
