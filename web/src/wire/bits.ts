// Bits of learned probability: what a picture's records are written in. The twin of src/base/range.c.

const RAW_MAX = 16;

/* A number's models: its sign, more[32], top[33]. */
const MORE = 1;
const TOP = 33;
export const NUMBER = 66;

/* Reads bits of learned probability; src/base/range.c writes them. */
export class Reader {
    private range = 0xffffffff;
    private code = 0;
    private at: number;
    private readonly p: Uint16Array;
    private readonly n: Uint8Array;
    short = false; // more bytes were needed than there are

    constructor(
        private readonly bytes: Uint8Array,
        start: number,
        models: number,
    ) {
        this.at = start;
        this.p = new Uint16Array(models).fill(32768);
        this.n = new Uint8Array(models);
        for (let i = 0; i < 5; i++) {
            this.code = ((this.code << 8) | this.next()) >>> 0;
        }
    }

    get atEnd(): boolean {
        return this.at === this.bytes.length;
    }

    private next(): number {
        if (this.at >= this.bytes.length) {
            this.short = true;
            return 0;
        }
        return this.bytes[this.at++];
    }

    private split(bound: number): number {
        const bit = this.code >= bound ? 1 : 0;
        if (bit) {
            this.code -= bound;
            this.range -= bound;
        } else {
            this.range = bound;
        }
        this.refill();
        return bit;
    }

    private refill(): void {
        while (this.range < 0x1000000) {
            this.range = (this.range << 8) >>> 0;
            this.code = ((this.code << 8) | this.next()) >>> 0;
        }
    }

    bit(model: number): number {
        const p = this.p[model];
        const n = this.n[model];
        const bit = this.split((this.range >>> 12) * (p >>> 4));
        const pace = 31 - Math.clz32(n + 2);
        this.p[model] = bit ? p - (p >> pace) : p + ((65536 - p) >> pace);
        if (n < 62) {
            this.n[model] = n + 1;
        }
        return bit;
    }

    raw(n: number): number {
        let v = 0;
        while (n > 0) {
            const k = n < RAW_MAX ? n : RAW_MAX;
            this.range >>>= k;
            const part = Math.min(Math.floor(this.code / this.range), (1 << k) - 1);
            this.code -= part * this.range;
            this.refill();
            v = (v << k) | part;
            n -= k;
        }
        return v >>> 0;
    }

    tree(models: number, n: number): number {
        let node = 1;
        for (let i = 0; i < n; i++) {
            node = (node << 1) | this.bit(models + node);
        }
        return node - (1 << n);
    }

    number(models: number): number {
        let n = 0;
        while (n < 32 && this.bit(models + MORE + n)) {
            n++;
        }
        if (n === 0) {
            return 0;
        }
        const negative = this.bit(models);
        let size = 1;
        if (n > 1) {
            size = 2 | this.bit(models + TOP + n);
        }
        if (n > 2) {
            size = ((size << (n - 2)) | this.raw(n - 2)) >>> 0;
        }
        return (negative ? -size : size) | 0;
    }
}
