// Who draws: first the processor itself, which needs no program made ready; then the graphics processor, where a
// trial shows that there is one and not a software that plays it. Frames are timed, nobody is asked for a name.
import type { Frame, Painter } from './frame';
import { GlPainter } from './glpainter';
import { StampPainter } from './stamps';

const TRIAL_AFTER_MS = 1500;
const TRIAL_ITEMS = 500;
const TRIALS = 4; // the first makes the programs ready
const TRIAL_MS = 4; // a software needs some 15 ms
const SLOW_MS = 40;
const SLOW_FRAMES = 3; // one after the other, before the graphics processor is given up

export interface Drawn {
    picture: ImageBitmap;
    ms: number;
}

async function timed(p: Painter, f: Frame): Promise<Drawn> {
    const from = performance.now();
    const picture = await p.paint(f);
    return { picture, ms: performance.now() - from };
}

export class Drawer {
    private painter: Painter = new StampPainter();
    private gl: GlPainter | null = null;
    private slow = 0;
    private tried = false;

    /* `failed`: WebGL is not to be had in this place. */
    constructor(private readonly failed: (error: unknown) => void = () => undefined) {}

    /* `mayTry`: the graphics processor too. */
    async draw(f: Frame, mayTry = true): Promise<Drawn> {
        if (mayTry && !this.tried && f.count) {
            this.tried = true;
            const some = { ...f, aircraft: f.aircraft.slice(0), count: Math.min(TRIAL_ITEMS, f.count), pieces: 0 };
            setTimeout(() => void this.trial(some), TRIAL_AFTER_MS);
        }
        try {
            const d = await timed(this.painter, f);
            this.slow = d.ms > SLOW_MS ? this.slow + 1 : 0;
            if (this.gl && this.slow >= SLOW_FRAMES) this.giveUp();
            return d;
        } catch (e) {
            if (!this.gl) throw e;
            this.giveUp(); // the graphics processor went away
            return timed(this.painter, f);
        }
    }

    private async trial(f: Frame): Promise<void> {
        try {
            const gl = new GlPainter();
            let least = Infinity;
            for (let i = 0; i < TRIALS; i++) {
                const { picture, ms } = await timed(gl, f);
                picture.close();
                least = Math.min(least, ms);
            }
            if (least < TRIAL_MS) this.painter = this.gl = gl;
            else gl.free();
        } catch (e) {
            this.failed(e);
        }
    }

    private giveUp(): void {
        this.gl?.free();
        this.gl = null;
        this.painter = new StampPainter();
    }
}
