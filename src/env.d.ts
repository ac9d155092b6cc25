/** What the build writes into the code (vite.config.ts, `define`). */
declare const __APP_VERSION__: string;
/** Short commit the app was built from; `+changes` when the tree differed from it; empty if unknown. */
declare const __APP_COMMIT__: string;
/** ISO time of that commit, so that the same sources give the same bytes. */
declare const __APP_BUILT__: string;
/** Address of the served models when they live on another origin; empty for `models/` beside the app. */
declare const __MODELS_BASE__: string;
