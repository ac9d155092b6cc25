// Stands in the build where tfjs registers its optimizers: training has its own (src/adaptation/adam.ts).
export function registerOptimizers() {}
