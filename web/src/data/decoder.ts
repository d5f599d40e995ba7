// Where pictures are decoded: here until the worker is there, then in it. Order is kept: what came
// after a picture is told after it.
import { took } from '../took';
import { Picture } from '../wire/picture';
import { decode, Decoded, type Packed, type Told } from './decoded';
import type { Emptied, ToWorker } from './decode.worker';

interface Answer {
    connection: number;
    decoded?: Packed;
    error?: string;
}

let worker: Worker | null = null;
let isReady = false;
let connections = 0;
let current: Decoder | null = null;

/* Begun once the page has something to show. */
export function beginWorker(): void {
    if (worker || typeof Worker === 'undefined') return;
    try {
        worker = new Worker(new URL('./decode.worker.ts', import.meta.url), { type: 'module' });
    } catch {
        return; // the page goes on decoding by itself
    }
    worker.onmessage = (e: MessageEvent<Answer>) => {
        if (e.data.connection === 0) isReady = true;
        else current?.answered(e.data);
    };
    worker.onerror = () => {
        if (isReady) current?.answered({ connection: current.connection, error: 'the worker failed' });
        isReady = false;
        worker?.terminate();
    };
}

export class Decoder {
    readonly connection = ++connections;
    private picture = new Picture();
    private told: Told = [];
    private isHandedOver = false;
    private waiting: (string | null)[] = []; // texts, and null for each picture under way

    constructor(
        private readonly shown: (d: Decoded) => void,
        private readonly heard: (text: string) => void,
        private readonly failed: (error: unknown) => void,
    ) {
        current = this;
    }

    take(data: string | ArrayBuffer): void {
        if (typeof data === 'string') {
            if (this.waiting.length) this.waiting.push(data);
            else this.heard(data);
        } else if (isReady && worker) this.post(data);
        else if (!this.isHandedOver) this.shown(took('decode', () => decode(this.picture, new Uint8Array(data), this.told)));
        else throw new Error('the worker is gone');
    }

    private post(bytes: ArrayBuffer): void {
        const m: ToWorker = { connection: this.connection, bytes };
        if (!this.isHandedOver) m.state = { picture: this.picture, told: this.told };
        worker!.postMessage(m, [bytes]);
        this.isHandedOver = true;
        this.waiting.push(null);
    }

    answered(a: Answer): void {
        if (a.connection !== this.connection) return;
        try {
            if (!a.decoded) throw new Error(a.error);
            this.waiting.shift();
            this.shown(new Decoded(a.decoded));
            worker?.postMessage({ room: a.decoded.buffer } satisfies Emptied, [a.decoded.buffer]);
            while (this.waiting.length && this.waiting[0] !== null) this.heard(this.waiting.shift()!);
        } catch (e) {
            this.failed(e);
        }
    }
}
