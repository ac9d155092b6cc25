/** Why an archive, a disc or a part of it could not be opened; one class and one code each. */
import { Fault } from '../base/fault.ts';

const PACK_AGAIN = 'Copy or download the archive again, or open the folder it was made from.';

export class ZipDamagedError extends Fault {
  readonly code = 'zip-damaged';
  constructor(detail: string, cause?: unknown) {
    super(`This ZIP archive is damaged: ${detail}.`, PACK_AGAIN, { cause });
  }
}

export class ZipEncryptedError extends Fault {
  readonly code = 'zip-encrypted';
  constructor() {
    super(
      'This ZIP archive is locked with a password.',
      'Unpack it with its password on this device, then open the folder.',
    );
  }
}

/** A path that leads out of the archive, as only a tampered one has. */
export class ZipClimbsError extends Fault {
  readonly code = 'zip-climbs';
  constructor(path: string) {
    super(
      `This ZIP archive was refused: a path in it leads outside (${shorten(path)}).`,
      'Do not unpack it. Ask for a new archive where it came from.',
    );
  }
}

export class ZipInZipError extends Fault {
  readonly code = 'zip-in-zip';
  constructor() {
    super(
      'This is an archive inside an archive; only the outer one is opened.',
      'Unpack the outer archive, then open this one by itself.',
    );
  }
}

export class ZipBombError extends Fault {
  readonly code = 'zip-bomb';
  constructor(detail: string) {
    super(
      `This ZIP archive was refused: ${detail}.`,
      'It may be made to fill the memory. Ask for a new archive where it came from.',
    );
  }
}

export class ZipMethodError extends Fault {
  readonly code = 'zip-method';
  constructor(method: number) {
    super(
      `This file is packed in a way Fieldray cannot read (${methodName(method)}).`,
      'Unpack the archive and open the folder, or pack it again as an ordinary ZIP.',
    );
  }
}

export class ZipSplitError extends Fault {
  readonly code = 'zip-split';
  constructor() {
    super(
      'This is one part of a ZIP archive in several parts.',
      'Unpack all parts together on a computer, then open the folder.',
    );
  }
}

export class ZipTooManyError extends Fault {
  readonly code = 'zip-too-many';
  constructor(count: number, limit: number) {
    super(
      `This ZIP archive holds ${count.toLocaleString('en-US')} files; up to ${limit.toLocaleString('en-US')} can be opened.`,
      'Unpack it and open its folders one after the other.',
    );
  }
}

/** A disc's table of contents without the disc. */
export class DicomdirAloneError extends Fault {
  readonly code = 'dicomdir-alone';
  constructor() {
    super(
      'This is the table of contents of a disc (DICOMDIR); the pictures lie beside it.',
      'Open the whole folder or disc instead of this one file.',
    );
  }
}

export class DicomdirDamagedError extends Fault {
  readonly code = 'dicomdir-damaged';
  constructor(cause?: unknown) {
    super(
      'The table of contents of this disc (DICOMDIR) cannot be read.',
      'Nothing to do: every file on the disc is looked at instead.',
      { cause },
    );
  }
}

export class FolderUnreadableError extends Fault {
  readonly code = 'folder-unreadable';
  constructor(cause?: unknown) {
    super(
      'This folder could not be read.',
      'Check that it is still there and that this browser may see it, then open it again.',
      { cause },
    );
  }
}

export class FolderTooDeepError extends Fault {
  readonly code = 'folder-too-deep';
  constructor(limit: number) {
    super(
      `Folders are looked through ${limit} levels deep; this one lies deeper.`,
      'Open this folder by itself.',
    );
  }
}

function shorten(path: string): string {
  return path.length > 60 ? `${path.slice(0, 57)}…` : path;
}

function methodName(method: number): string {
  const names: Readonly<Record<number, string>> = {
    9: 'Deflate64',
    12: 'bzip2',
    14: 'LZMA',
    93: 'Zstandard',
    95: 'XZ',
    98: 'PPMd',
    99: 'AES',
  };
  return names[method] ?? `method ${method}`;
}
