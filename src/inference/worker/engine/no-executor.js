// Stands in the build where tfjs brings operations of a kind that no network here has (control flow,
// strings, hash tables …), with what it knows of their names. A graph with one fails its known-answer test.
export const json = [];
export function executeOp(node) {
  throw new TypeError(`The operation ${node.op} is not part of this app.`);
}
