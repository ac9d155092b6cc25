import { afterEach, describe, expect, it, vi } from 'vitest';
import { Camera } from '../../src/platform/camera/camera.ts';
import { readControls, settingOf } from '../../src/platform/camera/controls.ts';
import {
  CameraBusy,
  cameraErrorOf,
  CameraMissing,
  CameraRefused,
  OnlyFrontCamera,
} from '../../src/platform/camera/errors.ts';

afterEach(() => vi.unstubAllGlobals());

/** A track as a device would give it; Chromium's own fake camera is driven in tests/e2e/film. */
function trackOf(settings: object, capabilities?: object) {
  const stop = vi.fn();
  const track = {
    stop,
    readyState: 'live',
    getSettings: () => settings,
    ...(capabilities ? { getCapabilities: () => capabilities } : {}),
  };
  return track as unknown as Omit<MediaStreamTrack, 'stop'> & { stop: typeof stop };
}

function streamOf(track: MediaStreamTrack): MediaStream {
  return { getTracks: () => [track], getVideoTracks: () => [track] } as unknown as MediaStream;
}

/** Answers each request for a camera in turn, and remembers what was asked for. */
function devices(...answers: readonly (MediaStream | Error)[]): MediaStreamConstraints[] {
  const asked: MediaStreamConstraints[] = [];
  const getUserMedia = async (wish: MediaStreamConstraints): Promise<MediaStream> => {
    const answer = answers[asked.length];
    asked.push(wish);
    if (!answer || answer instanceof Error) throw answer ?? new Error('asked too often');
    return answer;
  };
  vi.stubGlobal('navigator', { mediaDevices: { getUserMedia } });
  return asked;
}

function named(name: string): Error {
  return Object.assign(new Error(name), { name });
}

const signal = new AbortController().signal;

describe('the camera that is opened', () => {
  it('is the one that looks away from the person, asked for exactly', async () => {
    const asked = devices(streamOf(trackOf({ facingMode: 'environment' })));
    await Camera.open(signal);
    expect(asked).toEqual([
      { video: expect.objectContaining({ facingMode: { exact: 'environment' } }) },
    ]);
  });

  it('may be one that says nothing of itself, as those of desk computers', async () => {
    const asked = devices(named('OverconstrainedError'), streamOf(trackOf({})));
    await Camera.open(signal);
    expect(asked[1]).toEqual({
      video: expect.objectContaining({ facingMode: { ideal: 'environment' } }),
    });
  });

  it('is never the front one unless the person asked for it', async () => {
    const front = trackOf({ facingMode: 'user' });
    devices(named('OverconstrainedError'), streamOf(front));
    await expect(Camera.open(signal)).rejects.toThrow(OnlyFrontCamera);
    expect(front.stop).toHaveBeenCalledOnce();
    const asked = devices(streamOf(trackOf({ facingMode: 'user' })));
    await Camera.open(signal, { front: true });
    expect(asked).toHaveLength(1);
  });

  it('is stopped at once when nobody waits for it any more', async () => {
    const track = trackOf({ facingMode: 'environment' });
    devices(streamOf(track));
    const gone = new AbortController();
    const opening = Camera.open(gone.signal);
    gone.abort();
    await expect(opening).rejects.toThrow(/abort/i);
    expect(track.stop).toHaveBeenCalledOnce();
  });

  it('fails with a name, what happened and what to do', async () => {
    vi.stubGlobal('navigator', {});
    await expect(Camera.open(signal)).rejects.toThrow(CameraMissing);
    for (const [name, kind, code] of [
      ['NotAllowedError', CameraRefused, 'camera-refused'],
      ['SecurityError', CameraRefused, 'camera-refused'],
      ['NotFoundError', CameraMissing, 'camera-missing'],
      ['NotReadableError', CameraBusy, 'camera-busy'],
    ] as const) {
      devices(named(name));
      const failure = await Camera.open(signal).catch((reason: unknown) => reason);
      expect(failure).toBeInstanceOf(kind);
      expect(failure).toMatchObject({ code });
      expect((failure as CameraBusy).remedy).toMatch(/open it here as a file/);
    }
    const abort = named('AbortError');
    expect(cameraErrorOf(abort)).toBe(abort);
  });
});

describe('what a camera can be set to', () => {
  it('is what the browser says, and nothing where it says nothing', () => {
    const none = { torch: null, exposure: null, focus: null };
    expect(readControls(trackOf({}))).toEqual(none);
    expect(readControls(trackOf({}, { exposureCompensation: 'much' }))).toEqual(none);
    const able = {
      torch: true,
      exposureCompensation: { min: -2, max: 2, step: 0.5 },
      focusDistance: { min: 0.1, max: 2 },
      focusMode: ['continuous', 'manual'],
    };
    expect(readControls(trackOf({ torch: false, exposureCompensation: 1 }, able))).toEqual({
      torch: false,
      exposure: { min: -2, max: 2, step: 0.5, value: 1 },
      focus: { min: 0.1, max: 2, step: expect.closeTo(0.095, 6), value: expect.closeTo(1.05, 6) },
    });
    // A distance that cannot be set by hand is no control.
    expect(readControls(trackOf({}, { ...able, focusMode: ['continuous'] })).focus).toBeNull();
  });

  it('is asked for in the browser’s own names', () => {
    expect(settingOf({ torch: true })).toEqual({ torch: true });
    expect(settingOf({ exposure: -1 })).toEqual({ exposureCompensation: -1 });
    expect(settingOf({ focus: 0.4 })).toEqual({ focusMode: 'manual', focusDistance: 0.4 });
    expect(settingOf({ focus: null })).toEqual({ focusMode: 'continuous' });
  });
});
