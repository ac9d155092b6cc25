/** What the build writes into the code (vite.config.ts, `define`). */
declare const __APP_VERSION__: string;
/** Short commit the app was built from; `+changes` when the tree differed from it; empty if unknown. */
declare const __APP_COMMIT__: string;
/** ISO time of that commit, so that the same sources give the same bytes. */
declare const __APP_BUILT__: string;
/** Address of the served models when they live on another origin; empty for `models/` beside the app. */
declare const __MODELS_BASE__: string;

/** The codec packages say nothing of their types. */
declare module '@cornerstonejs/codec-charls/decodewasmjs' {
  const factory: (options: object) => Promise<unknown>;
  export default factory;
}
declare module '@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs' {
  const factory: (options: object) => Promise<unknown>;
  export default factory;
}
declare module '@cornerstonejs/codec-openjpeg/decodewasmjs' {
  const factory: (options: object) => Promise<unknown>;
  export default factory;
}
declare module '@cornerstonejs/codec-openjph/wasmjs' {
  const factory: (options: object) => Promise<unknown>;
  export default factory;
}
/** Its declarations are named in its package.json and not packed. */
declare module 'jpeg-lossless-decoder-js' {
  export class Decoder {
    decode(
      buffer: ArrayBuffer,
      offset: number,
      length: number,
      bytesPerSample: number,
    ): Uint8Array | Uint16Array;
    /** Where the next sample would go. */
    readonly yLoc: number;
    /** Predictor 7. */
    select7(component?: number): number;
    getPreviousX(component?: number): number;
    getPreviousY(component?: number): number;
  }
}
/** The whole of it, encoder included: for tests. */
declare module '@cornerstonejs/codec-charls/wasmjs' {
  const factory: (options: object) => Promise<unknown>;
  export default factory;
}
/** The whole of it, encoder included: for tests. */
declare module '@cornerstonejs/codec-openjpeg/wasmjs' {
  const factory: (options: object) => Promise<unknown>;
  export default factory;
}
/** It brings no types. Reports write with it, tests read with it; src/reports/dicom/write.ts is its one door. */
declare module 'dcmjs' {
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  const dcmjs: { readonly data: any };
  export default dcmjs;
}
