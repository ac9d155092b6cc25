import { Fault } from '../../base/fault.ts';

const OPEN_A_PHOTO =
  'Take the photo with the device’s own camera app, then open it here as a file.';

export abstract class CameraError extends Fault {}

/** The person, the browser or whoever manages the device said no. */
export class CameraRefused extends CameraError {
  readonly code = 'camera-refused';
  constructor(options?: ErrorOptions) {
    super(
      'This app may not use the camera.',
      `Allow the camera in the browser’s settings for this site. Or: ${OPEN_A_PHOTO}`,
      options,
    );
  }
}

export class CameraMissing extends CameraError {
  readonly code = 'camera-missing';
  constructor(options?: ErrorOptions) {
    super('No camera was found on this device.', OPEN_A_PHOTO, options);
  }
}

/** Only a camera that looks at the person; never used unless they ask for it. */
export class OnlyFrontCamera extends CameraError {
  readonly code = 'camera-front-only';
  constructor(options?: ErrorOptions) {
    super('Only the front camera was found on this device.', OPEN_A_PHOTO, options);
  }
}

/** Another app holds it, or it failed. */
export class CameraBusy extends CameraError {
  readonly code = 'camera-busy';
  constructor(options?: ErrorOptions) {
    super(
      'The camera does not answer.',
      `Close other apps that use the camera and try again. Or: ${OPEN_A_PHOTO}`,
      options,
    );
  }
}

/** What `getUserMedia` rejects with, in our words; an abort stays what it is. */
export function cameraErrorOf(reason: unknown): unknown {
  if (reason instanceof CameraError) return reason;
  const name = reason instanceof Error ? reason.name : '';
  const options = { cause: reason };
  switch (name) {
    case 'AbortError':
      return reason;
    case 'NotAllowedError':
    case 'SecurityError':
      return new CameraRefused(options);
    case 'NotFoundError':
    case 'OverconstrainedError':
      return new CameraMissing(options);
    default:
      return new CameraBusy(options);
  }
}
