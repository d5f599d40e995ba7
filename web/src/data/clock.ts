// The server's time, running on between pictures at the rate the pictures show: a simulation at
// 60 times real time moves 60 times as fast on the map too.
const RATE_MAX = 10_000;
const NEAR_ONE = 0.15;

export class ServerClock {
    private at = NaN; // performance.now() of the last picture, ms
    private now = NaN; // server's time in it, s
    private speed = 1;
    private gap = 1; // server seconds between pictures

    hear(serverNow: number, localMs: number): void {
        if (this.at === this.at) {
            const real = (localMs - this.at) / 1000;
            const passed = serverNow - this.now;
            if (passed < 0 || passed > 86_400) this.speed = 1; // another feed, another time
            else if (real > 0.2) {
                const seen = Math.min(RATE_MAX, passed / real);
                this.speed = Math.abs(seen - 1) < NEAR_ONE ? 1 : this.speed + (seen - this.speed) * 0.5;
                this.gap = passed;
            }
        }
        this.at = localMs;
        this.now = serverNow;
    }
    get known(): boolean {
        return this.at === this.at;
    }
    /* Server seconds now; runs on for at most two gaps where pictures stop coming. */
    read(localMs: number): number {
        return this.now + ((localMs - this.at) / 1000) * this.speed;
    }
    get rate(): number {
        return this.speed;
    }
    get interval(): number {
        return this.gap;
    }
}
