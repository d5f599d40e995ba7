// The server's time, running on between pictures at the rate the pictures show: a simulation at
// 60 times real time moves 60 times as fast on the map too.
const RATE_MAX = 10_000;
const NEAR_ONE = 0.15;
const WINDOW = 20; // pictures the rate is taken over
const LEAST_MS = 200; // less time between two pictures says nothing of the rate
const JUMP_S = 86_400; // a leap of a day is another feed

interface Heard {
    now: number; // server seconds
    ms: number; // performance.now()
}

export class ServerClock {
    private heard: Heard[] = [];
    private speed = 1;
    private gap = 1; // server seconds between pictures
    private pinned: number | null = null;

    /* In the past the rate is known, and may be anything; null: it is measured. */
    pin(rate: number | null): void {
        this.pinned = rate;
        this.heard = [];
        this.speed = rate ?? 1;
        this.gap = 1;
    }

    hear(now: number, ms: number): void {
        const last = this.heard[this.heard.length - 1];
        if (last && (now < last.now || now - last.now > JUMP_S)) {
            this.heard = [];
            this.speed = this.pinned ?? 1;
        } else if (last && ms > last.ms) this.gap = now - last.now;
        this.heard.push({ now, ms });
        if (this.heard.length > WINDOW) this.heard.shift();
        this.measure();
    }

    private measure(): void {
        if (this.pinned !== null) return;
        const [first, last] = [this.heard[0], this.heard[this.heard.length - 1]];
        if (last.ms - first.ms < LEAST_MS) return;
        const seen = Math.min(RATE_MAX, ((last.now - first.now) / (last.ms - first.ms)) * 1000);
        this.speed = Math.abs(seen - 1) < NEAR_ONE ? 1 : seen;
    }

    get known(): boolean {
        return this.heard.length > 0;
    }
    /* Server seconds at a time of performance.now(). */
    read(ms: number): number {
        const last = this.heard[this.heard.length - 1];
        return last ? last.now + ((ms - last.ms) / 1000) * this.speed : NaN;
    }
    get rate(): number {
        return this.speed;
    }
    get interval(): number {
        return this.gap;
    }
}
