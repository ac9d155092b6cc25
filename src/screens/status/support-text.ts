/**
 * What support needs to know, as plain text in English whatever the app's language. Never a picture,
 * a result or a file name.
 */
import type { EngineReport } from '../../inference/types.ts';
import type { BuildInfo, Capabilities, StorageFacts, UpdateState } from '../../platform/index.ts';
import type { OfflineState } from '../../state/offline.ts';

export interface StatusFacts {
  readonly build: BuildInfo;
  readonly update: UpdateState;
  readonly offline: OfflineState;
  readonly model: {
    readonly id: string;
    readonly version: string;
    readonly verifiedAt: number;
    readonly activatedAt: number;
    readonly bytes: number;
    readonly damaged: readonly string[];
  } | null;
  /** Why there is no usable model, if a fault says so. */
  readonly modelFault: { readonly code: string; readonly message: string } | null;
  readonly engine: EngineReport | null;
  readonly engineFault: { readonly code: string; readonly message: string } | null;
  readonly storage: StorageFacts | null;
  readonly capabilities: Capabilities | null;
  readonly now: number;
}

function time(ms: number | null): string {
  return ms === null ? 'never' : new Date(ms).toISOString();
}

function known(value: string | number | boolean | null): string {
  return value === null ? 'unknown' : String(value);
}

export function supportText(facts: StatusFacts): string {
  return [
    `Fieldray support text, ${time(facts.now)}`,
    ...appLines(facts),
    ...modelLines(facts),
    ...engineLines(facts),
    ...deviceLines(facts),
    'This text holds no picture, no result and no file name.',
  ].join('\n');
}

function appLines({ build, update, offline }: StatusFacts): string[] {
  return [
    '',
    'App',
    `  version: ${build.version} (${build.commit || 'no commit'}, ${build.builtAt})`,
    `  kept for offline use: ${update.offlineReady ? 'yes' : 'no'} (${update.phase})`,
    `  works without a network: ${offline.phase}${offline.phase === 'missing' ? ` ${JSON.stringify(offline.gap)}` : ''}`,
    `  update on offer: ${update.offeredVersion ?? (update.phase === 'offered' ? 'yes' : 'none')}`,
    `  asked for updates: ${time(update.checkedAt)}`,
    ...(update.fault ? [`  fault: ${update.fault.code}: ${update.fault.message}`] : []),
  ];
}

function modelLines({ model, modelFault }: StatusFacts): string[] {
  const fault = modelFault ? [`  fault: ${modelFault.code}: ${modelFault.message}`] : [];
  if (!model) return ['', 'Model', '  none on this device', ...fault];
  return [
    '',
    'Model',
    `  ${model.id} ${model.version}, ${model.bytes} bytes`,
    `  active since ${time(model.activatedAt)}, verified ${time(model.verifiedAt)}`,
    `  damaged files: ${model.damaged.length === 0 ? 'none' : model.damaged.join(', ')}`,
    ...fault,
  ];
}

function engineLines({ engine, engineFault }: StatusFacts): string[] {
  const fault = engineFault ? [`  fault: ${engineFault.code}: ${engineFault.message}`] : [];
  if (!engine) return ['', 'Backend', '  not started', ...fault];
  return [
    '',
    'Backend',
    `  chosen: ${engine.chosen ?? 'none'} (${engine.choice}), ${engine.workers} worker(s)`,
    `  why: ${engine.reason}`,
    `  adapter: ${known(engine.adapter)}; tested ${time(engine.testedAt)}; crashes ${engine.crashes}`,
    ...engine.trials.map(
      (trial) =>
        `  ${trial.backend}: ${trial.outcome}, median ${known(trial.medianMs)} ms, largest error ${known(trial.maxError)}; ${trial.detail}`,
    ),
    ...fault,
  ];
}

function deviceLines({ storage, capabilities }: StatusFacts): string[] {
  const lines = ['', 'Device'];
  if (storage) {
    lines.push(
      `  storage: ${known(storage.usedBytes)} of ${known(storage.quotaBytes)} bytes, persistent: ${known(storage.persistent)}`,
    );
  }
  if (capabilities) {
    const { userAgent, ...rest } = capabilities;
    for (const [key, value] of Object.entries(rest)) lines.push(`  ${key}: ${known(value)}`);
    lines.push(`  userAgent: ${userAgent}`);
  }
  return [...lines, ''];
}
