// What is shown, as a file on the reader's device: the same figures and keys in every language.
const KEPT_MS = 30_000;

export function saveFile(name: string, type: string, text: string | Blob): void {
    const url = URL.createObjectURL(typeof text === 'string' ? new Blob([text], { type: `${type};charset=utf-8` }) : text);
    const a = document.createElement('a');
    a.href = url;
    a.download = name;
    a.click();
    setTimeout(() => URL.revokeObjectURL(url), KEPT_MS);
}

type Value = string | number | boolean | null | undefined;

const quoted = (v: Value) => {
    const s = v === null || v === undefined || v !== v ? '' : String(v);
    return /[",\r\n]/.test(s) ? `"${s.replaceAll('"', '""')}"` : s;
};

/* RFC 4180, with a line of names; what is not known is empty. */
export const csvText = (names: string[], rows: Value[][]) => [names, ...rows].map((r) => r.map(quoted).join(',')).join('\r\n') + '\r\n';

/* A file's name of plain letters: masar-arrivals-DRRN-2024-06-07. */
export const fileName = (parts: string[], ending: string) =>
    `${['masar', ...parts].filter(Boolean).join('-').replace(/[^A-Za-z0-9._-]+/g, '_').slice(0, 100)}.${ending}`;
