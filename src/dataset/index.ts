/**
 * In: labelled pictures. Out: facts about them, and parts of them that share no patient. Knows no
 * model and no screen.
 */
export { Random } from './random.ts';
export { splitByGroup, type Grouped, type Part } from './split.ts';
