// Instants in links and fields: always UTC, always the same form.
/* 2024-06-08T15:54:10Z, also with a blank for T, without seconds, without a time. NaN: it is none. */
export function readInstant(text: string): number {
    const m = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):?(\d\d)(?::?(\d\d))?)? ?Z?$/i.exec(text.trim());
    if (!m) return NaN;
    const [y, mo, d, h, mi, sec] = m.slice(1).map((v) => Number(v ?? 0));
    const ms = Date.UTC(y, mo - 1, d, h, mi, sec);
    const back = new Date(ms);
    const same = back.getUTCMonth() === mo - 1 && back.getUTCDate() === d && h < 24 && mi < 60 && sec < 60;
    return same ? ms / 1000 : NaN;
}

export const writeInstant = (at: number) => new Date(Math.round(at) * 1000).toISOString().replace('.000Z', 'Z');
