import { msg } from '@lit/localize';
import { css, html } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { FieldrayElement } from './base.ts';
import { icon } from './icons.ts';
import { baseStyles } from './styles.ts';
import type { FilesGiven } from '../platform/files-given.ts';

declare global {
  interface HTMLElementTagNameMap {
    'fr-file-drop': FrFileDrop;
  }
  interface HTMLElementEventMap {
    'files-given': CustomEvent<FilesGiven>;
  }
}

/** Takes files and folders dropped anywhere on the window and pictures pasted anywhere but into a text field. */
@customElement('fr-file-drop')
export class FrFileDrop extends FieldrayElement {
  static override styles = [
    baseStyles,
    css`
      .veil {
        position: fixed;
        z-index: 40;
        inset: 0;
        display: grid;
        place-items: center;
        padding: var(--space-5);
        background: var(--veil);
        pointer-events: none;
      }

      .target {
        display: grid;
        gap: var(--space-3);
        justify-items: center;
        padding: var(--space-7) var(--space-8);
        border: 3px dashed var(--accent);
        border-radius: var(--radius);
        background: var(--panel);
        font-size: var(--text-title);
        font-weight: 600;
      }
    `,
  ];

  /** While true nothing is taken (before the model is there, for example). */
  @property({ type: Boolean }) disabled = false;

  @state() private hovering = false;
  /** Enter and leave events come for every element passed over: only their balance says "outside". */
  private depth = 0;

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('dragenter', this.onEnter);
    window.addEventListener('dragleave', this.onLeave);
    window.addEventListener('dragover', this.onOver);
    window.addEventListener('drop', this.onDrop);
    window.addEventListener('paste', this.onPaste);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener('dragenter', this.onEnter);
    window.removeEventListener('dragleave', this.onLeave);
    window.removeEventListener('dragover', this.onOver);
    window.removeEventListener('drop', this.onDrop);
    window.removeEventListener('paste', this.onPaste);
  }

  protected override render(): unknown {
    return html`<div class="veil" ?hidden=${!this.hovering} role="status">
      ${
        this.hovering
          ? html`<div class="target">${icon('open', 40)} ${msg('Drop the radiographs here')}</div>`
          : ''
      }
    </div>`;
  }

  private readonly onEnter = (event: DragEvent): void => {
    if (!carriesFiles(event.dataTransfer)) return;
    event.preventDefault();
    this.depth += 1;
    this.hovering = !this.disabled;
  };

  private readonly onLeave = (event: DragEvent): void => {
    if (!carriesFiles(event.dataTransfer)) return;
    this.depth = Math.max(0, this.depth - 1);
    if (this.depth === 0) this.hovering = false;
  };

  /** Without this the browser would open the file in place of the app, even where nothing is taken. */
  private readonly onOver = (event: DragEvent): void => {
    if (!carriesFiles(event.dataTransfer)) return;
    event.preventDefault();
    if (event.dataTransfer) event.dataTransfer.dropEffect = this.disabled ? 'none' : 'copy';
  };

  private readonly onDrop = (event: DragEvent): void => {
    if (!carriesFiles(event.dataTransfer)) return;
    event.preventDefault();
    this.depth = 0;
    this.hovering = false;
    if (this.disabled || !event.dataTransfer) return;
    this.give(collect(event.dataTransfer));
  };

  private readonly onPaste = (event: ClipboardEvent): void => {
    if (this.disabled || !event.clipboardData) return;
    const target = event.composedPath()[0];
    if (target instanceof HTMLElement && target.matches('input, textarea, [contenteditable]'))
      return;
    const given = collect(event.clipboardData);
    if (isEmpty(given)) return;
    event.preventDefault();
    this.give(given);
  };

  private give(given: FilesGiven): void {
    if (!isEmpty(given)) this.emit('files-given', given);
  }
}

function carriesFiles(transfer: DataTransfer | null): boolean {
  return transfer !== null && [...transfer.types].includes('Files');
}

/**
 * A dropped folder looks like an empty file; only its entry tells. Entries have to be asked for
 * before the event is over.
 */
function collect(transfer: DataTransfer): FilesGiven {
  const files: { name: string; source: Blob }[] = [];
  const entries: FileSystemEntry[] = [];
  for (const item of transfer.items) {
    if (item.kind !== 'file') continue;
    const entry = item.webkitGetAsEntry();
    const file = item.getAsFile();
    if (entry) entries.push(entry);
    if (file && !entry?.isDirectory) {
      files.push({ name: file.name || msg('Pasted picture'), source: file });
    }
  }
  return entries.some((entry) => entry.isDirectory) ? { entries } : { files };
}

function isEmpty({ files = [], entries = [] }: FilesGiven): boolean {
  return files.length + entries.length === 0;
}
