// The aircraft's own canvas over the base map: neither is drawn anew because the other changed. The picture is
// made in a worker once that is there, until then and where there can be none here, by the same code. While the map moves the last picture is
// held to the ground it was drawn for, moved and scaled with it, until the next one comes; both change in the
// same turn of the page, so that nothing swims.
import { Drawer, type Drawn } from './drawer';
import type { Frame } from './frame';
import { carried, type View } from './view';

interface Answer extends Drawn {
    room: ArrayBuffer;
}

export class Overlay {
    private readonly canvas = document.createElement('canvas');
    private readonly out: ImageBitmapRenderingContext;
    private worker: Worker | null = null;
    private isReady = false; // the worker
    private isAlone = typeof Worker === 'undefined' || typeof OffscreenCanvas === 'undefined';
    private readonly drawer = new Drawer();
    private under: { view: View; count: number } | null = null; // the frame being drawn
    private drawnFor: View | null = null;

    constructor(
        box: HTMLElement,
        private readonly shown: (count: number, ms: number) => void,
        private readonly emptied: (room: ArrayBuffer) => void,
        private readonly ready: () => void, // for the next frame
    ) {
        this.canvas.className = 'aircraft';
        this.canvas.setAttribute('aria-hidden', 'true');
        box.append(this.canvas);
        this.out = this.canvas.getContext('bitmaprenderer')!;
    }

    /* Begun once the page has something to show. */
    private begin(): void {
        if (this.worker || this.isAlone) return;
        try {
            this.worker = new Worker(new URL('./draw.worker.ts', import.meta.url), { type: 'module' });
        } catch {
            this.isAlone = true;
            return;
        }
        this.worker.onmessage = (e: MessageEvent<Answer | { isReady: true }>) => {
            if ('isReady' in e.data) this.isReady = true;
            else this.answered(e.data);
        };
        this.worker.onerror = () => this.alone();
    }

    /* A frame is being drawn: another would have to wait. */
    get isBusy(): boolean {
        return this.under !== null;
    }

    draw(view: View, frame: Frame): void {
        this.under = { view, count: frame.count };
        if (this.isReady) this.worker!.postMessage(frame, [frame.aircraft, frame.trail]);
        else void this.here(frame);
    }

    private async here(frame: Frame): Promise<void> {
        const d = await this.drawer.draw(frame, this.isAlone);
        this.answered({ ...d, room: frame.aircraft });
    }

    /* The worker is gone: what was under way there is lost, the next frame is drawn here. */
    private alone(): void {
        this.worker?.terminate();
        this.isAlone = true;
        if (!this.isReady) return;
        this.isReady = false;
        this.under = null;
        this.ready();
    }

    private answered({ picture, ms, room }: Answer): void {
        const { canvas, under } = this;
        if (!under) return;
        this.under = null;
        if (canvas.width !== picture.width || canvas.height !== picture.height) [canvas.width, canvas.height] = [picture.width, picture.height];
        this.out.transferFromImageBitmap(picture);
        this.drawnFor = under.view;
        this.emptied(room);
        if (under.count) this.begin();
        this.shown(under.count, ms);
        this.ready();
    }

    /* Holds the picture to the ground. */
    hold(now: View): void {
        const was = this.drawnFor;
        if (!was) return;
        const { x, y, scale } = carried(was, now);
        const { style } = this.canvas;
        style.transform = x === 0 && y === 0 && scale === 1 ? '' : `translate(${x}px, ${y}px) scale(${scale})`;
        style.width = `${was.width}px`;
        style.height = `${was.height}px`;
    }
}
