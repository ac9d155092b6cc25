/**
 * platform: what the browser and the device give the app around the reading of pictures.
 * In: nothing but the browser. Out: the app kept for use without a network and its updates, room on
 * the device, the ways to install, files shared or opened from outside, what this device can do,
 * and which build this is.
 */
export type { KeepFailure, KeptAnswer } from '../service-worker/contract.ts';
export { buildInfo, modelsBase, type BuildInfo } from './build-info.ts';
export { readCapabilities, type Capabilities } from './capabilities.ts';
export { NoUpdateWaiting, ShareNotRead, ShellNotKept, UpdateHeld } from './errors.ts';
export { InstallController, isStandalone, type InstallWay } from './install.ts';
export type { OfflineGap } from './offline-gap.ts';
export { getPlatform, type Platform } from './platform.ts';
export { openShareInbox, type ShareListener } from './share-inbox.ts';
export { readStorage, requestPersistence, type StorageFacts } from './storage.ts';
export { UpdateController, type UpdatePhase, type UpdateState } from './updates.ts';
export { Camera } from './camera/camera.ts';
export {
  settingOf,
  type CameraControls,
  type CameraRange,
  type CameraSetting,
} from './camera/controls.ts';
export {
  CameraBusy,
  CameraError,
  CameraMissing,
  CameraRefused,
  OnlyFrontCamera,
} from './camera/errors.ts';
