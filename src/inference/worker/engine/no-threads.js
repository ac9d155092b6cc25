// Stands in the build where tfjs brings its threaded WASM runtime: 10 kB that are never run, because
// that runtime hangs once it is minified (see backends.ts). Called after all, it says so.
export const wasmWorkerContents = '';
export default function threaded() {
  throw new Error('The threaded WASM runtime of tfjs is not part of this app.');
}
