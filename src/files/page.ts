/** What a single picture needs of this folder; the rest comes with the first folder or archive. */
export { blobOf } from './blob-of.ts';
export { containerIn } from './is-container.ts';
