import './tamper.ts';
import '../../../src/inference/worker/worker.ts';
