// A clip of a replay: the same sheet drawn again and again on a canvas whose pictures the browser's own
// encoder takes, with the caption under every one of them.
import { draw, steady, type Sheet } from './sheet';

const FRAMES_A_SECOND = 20;
const BITS_A_SECOND = 6_000_000;
const FORMATS = ['video/webm;codecs=vp9', 'video/webm;codecs=vp8', 'video/webm'];

export const canRecord = () => typeof MediaRecorder !== 'undefined' && FORMATS.some((f) => MediaRecorder.isTypeSupported(f));

/* So many seconds as they pass; `went` is told which part is done. Stopping early keeps what there is. */
export async function record(sheet: Sheet, seconds: number, stop: AbortSignal, went: (part: number) => void): Promise<Blob> {
    const s = steady(sheet);
    const canvas = document.createElement('canvas');
    draw(canvas, s, 1);
    const mimeType = FORMATS.find((f) => MediaRecorder.isTypeSupported(f));
    const recorder = new MediaRecorder(canvas.captureStream(FRAMES_A_SECOND), { mimeType, videoBitsPerSecond: BITS_A_SECOND });
    const parts: Blob[] = [];
    recorder.ondataavailable = (e) => e.data.size && parts.push(e.data);
    const ended = new Promise<void>((done, failed) => {
        recorder.onstop = () => done();
        recorder.onerror = () => failed(new Error('MediaRecorder'));
    });
    recorder.start(1000);
    const first = performance.now();
    const timer = setInterval(() => {
        const part = (performance.now() - first) / 1000 / seconds;
        if (part >= 1 || stop.aborted) {
            clearInterval(timer);
            recorder.stop();
            return;
        }
        draw(canvas, s, 1);
        went(part);
    }, 1000 / FRAMES_A_SECOND);
    try {
        await ended;
    } finally {
        clearInterval(timer);
    }
    return new Blob(parts, { type: 'video/webm' });
}
