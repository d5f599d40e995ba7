// The server's time, running on between pictures at the rate the pictures show: a simulation at
// 60 times real time moves 60 times as fast on the map too.
const RATE_MAX = 10_000;
const NEAR_ONE = 0.15;
const DOUBTED = 0.5; // a rate not farther from real time is believed only once being late does not explain it
const LATE_S = 6;
const WINDOW = 20; // pictures the rate is taken over
const LEAST_MS = 200; // less time between two pictures says nothing of the rate
const JUMP_S = 86_400; // a leap of a day is another feed

interface Heard {
    now: number; // server seconds
    ms: number; // performance.now()
}

const secondsAMs = (a: Heard, b: Heard) => (b.now - a.now) / (b.ms - a.ms);

/* A picture is heard late where page or network are busy, by seconds at times, and never early: the rate is
   that of the line which no picture is above and which is nearest to them all. It goes through two of them. */
function leastLate(heard: Heard[]): [Heard, Heard] {
    const hull: Heard[] = [];
    for (const h of heard) {
        while (hull.length > 1 && secondsAMs(hull[hull.length - 2], h) >= secondsAMs(hull[hull.length - 2], hull[hull.length - 1])) hull.pop();
        hull.push(h);
    }
    const middle = heard.reduce((sum, h) => sum + h.ms, 0) / heard.length;
    const at = hull.findIndex((h, i) => i > 0 && h.ms >= middle);
    return at > 0 ? [hull[at - 1], hull[at]] : [hull[0], hull[0]];
}

/* By how much, were it real time, the latest picture was later than the least late, in seconds. */
function lateness(heard: Heard[]): number {
    const by = heard.map((h) => h.ms / 1000 - h.now);
    return Math.max(...by) - Math.min(...by);
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
        const [from, to] = leastLate(this.heard);
        if (to.ms - from.ms < LEAST_MS) return;
        const seen = Math.min(RATE_MAX, secondsAMs(from, to) * 1000);
        const off = Math.abs(seen - 1);
        this.speed = off < NEAR_ONE || (off < DOUBTED && lateness(this.heard) < LATE_S) ? 1 : seen;
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
