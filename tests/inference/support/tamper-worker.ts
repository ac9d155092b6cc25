import './tamper.ts';
import '../../../src/inference/worker.ts';
