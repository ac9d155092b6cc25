/** The device's camera, for films: the one that looks away from the person, with what it can be set to. */
import { readControls, type CameraControls } from './controls.ts';
import { CameraBusy, cameraErrorOf, CameraMissing, OnlyFrontCamera } from './errors.ts';

export interface CameraWish {
  /** Set only when the person asked for the front camera. */
  readonly front?: boolean;
}

/** As many pixels as the camera has: the film's detail is wanted. */
const SIZE = { width: { ideal: 3840 }, height: { ideal: 2160 } };
/** Some devices never answer `takePhoto`; the picture on the screen is the next best. */
const PHOTO_LIMIT_MS = 6000;

export class Camera {
  readonly stream: MediaStream;
  readonly #track: MediaStreamTrack;

  private constructor(stream: MediaStream, track: MediaStreamTrack) {
    this.stream = stream;
    this.#track = track;
  }

  /**
   * Asks for the camera. Waits for the person's answer as long as they need.
   * @throws CameraError by name, or the signal's reason
   */
  static async open(signal: AbortSignal, wish: CameraWish = {}): Promise<Camera> {
    signal.throwIfAborted();
    // Missing on pages that came without HTTPS, whatever the types say.
    const media = navigator.mediaDevices as MediaDevices | undefined;
    if (!media?.getUserMedia) throw new CameraMissing();
    let stream: MediaStream;
    try {
      stream = wish.front ? await media.getUserMedia({ video: SIZE }) : await openRear(media);
    } catch (reason) {
      throw cameraErrorOf(reason);
    }
    const [track] = stream.getVideoTracks();
    if (signal.aborted || !track) {
      for (const each of stream.getTracks()) each.stop();
      signal.throwIfAborted();
      throw new CameraBusy();
    }
    return new Camera(stream, track);
  }

  /** What this camera can be set to, and where it stands. */
  get controls(): CameraControls {
    return readControls(this.#track);
  }

  /** Calls back once another app took it or it was unplugged; not for `stop`. */
  onLost(listener: (reason: CameraBusy) => void, signal: AbortSignal): void {
    const tell = (): void => listener(new CameraBusy());
    this.#track.addEventListener('ended', tell, { once: true, signal });
  }

  /** @throws CameraBusy where the camera does not take the setting */
  async set(settings: MediaTrackConstraintSet): Promise<void> {
    try {
      await this.#track.applyConstraints({ advanced: [settings] });
    } catch (cause) {
      throw new CameraBusy({ cause });
    }
  }

  /**
   * A photograph as the camera makes them where the browser gives that, else what the video shows.
   * @throws CameraBusy, or the signal's reason
   */
  async take(video: HTMLVideoElement, signal: AbortSignal): Promise<Blob | ImageBitmap> {
    const photo = await this.#photo();
    signal.throwIfAborted();
    if (photo) return photo;
    if (video.videoWidth === 0) throw new CameraBusy();
    try {
      return await createImageBitmap(video);
    } catch (cause) {
      throw new CameraBusy({ cause });
    }
  }

  stop(): void {
    for (const track of this.stream.getTracks()) track.stop();
  }

  /** Null where the browser or the camera has no way to. */
  async #photo(): Promise<Blob | null> {
    if (typeof ImageCapture === 'undefined') return null;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<null>((resolve) => {
      timer = setTimeout(() => resolve(null), PHOTO_LIMIT_MS);
    });
    try {
      return await Promise.race([new ImageCapture(this.#track).takePhoto(), late]);
    } catch {
      return null;
    } finally {
      clearTimeout(timer);
    }
  }
}

/** Exactly the rear one; where no camera says so of itself, any that does not face the person. */
async function openRear(media: MediaDevices): Promise<MediaStream> {
  try {
    return await media.getUserMedia({ video: { ...SIZE, facingMode: { exact: 'environment' } } });
  } catch (reason) {
    if (!(reason instanceof Error) || reason.name !== 'OverconstrainedError') throw reason;
  }
  const stream = await media.getUserMedia({
    video: { ...SIZE, facingMode: { ideal: 'environment' } },
  });
  const [track] = stream.getVideoTracks();
  if (track?.getSettings().facingMode === 'user') {
    for (const each of stream.getTracks()) each.stop();
    throw new OnlyFrontCamera();
  }
  return stream;
}
