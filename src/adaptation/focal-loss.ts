/**
 * Focal loss over a softmax: T.-Y. Lin et al., Focal Loss for Dense Object Detection, ICCV 2017
 * (arXiv:1708.02002). γ = 0 and α = 1 is cross-entropy. training/fieldray_training/losses.py is the
 * same; golden values hold both together.
 */
export interface FocalSettings {
  /** How much less an easy picture counts; 2 in the study. */
  readonly gamma: number;
  /** Weight of each class; 0.25 for all in the study. */
  readonly alpha: ArrayLike<number>;
}

/**
 * −α (1 − p)^γ log p of the true class of one picture.
 * @param logits one a class
 * @param truth position of the true class
 * @param gradient if given, takes the derivatives to the logits
 * @returns the loss, at least 0
 */
export function focalLoss(
  logits: ArrayLike<number>,
  truth: number,
  { gamma, alpha }: FocalSettings,
  gradient?: Float64Array,
): number {
  const classes = logits.length;
  let largest = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < classes; k++) largest = Math.max(largest, logits[k]);
  let sum = 0;
  for (let k = 0; k < classes; k++) sum += Math.exp(logits[k] - largest);
  const logP = logits[truth] - largest - Math.log(sum);
  const p = Math.exp(logP);
  // 1 − p by the other classes' share: exact where p is nearly 1.
  const rest = Math.max(0, -Math.expm1(logP));
  const weight = gamma === 0 ? 1 : rest ** gamma;
  if (gradient) {
    // d/dz_j = α (γ (1 − p)^(γ−1) p log p − (1 − p)^γ) (δ_j − p_j)
    const inner = gamma === 0 || rest === 0 ? 0 : gamma * rest ** (gamma - 1) * p * logP;
    const outer = alpha[truth] * (inner - weight);
    for (let k = 0; k < classes; k++) {
      const share = Math.exp(logits[k] - largest) / sum;
      gradient[k] = outer * ((k === truth ? 1 : 0) - share);
    }
  }
  return -alpha[truth] * weight * logP;
}
