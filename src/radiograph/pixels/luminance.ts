/**
 * Luminance of a color picture, Rec. 601 (as the training data were made):
 * 0.299 R + 0.587 G + 0.114 B, on the stored values (no linearization). The three sum to 1, so a
 * grey stored as color keeps its value.
 */
export const LUMINANCE = [0.299, 0.587, 0.114] as const;
