// The letters of the page, for files that stand alone.
const base64 = (bytes: Uint8Array) => {
    let text = '';
    for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
    return btoa(text);
};

/* The letters of the picture come along: the page's own fonts of the weights and scripts it uses. */
export async function fonts(isArabic: boolean): Promise<string> {
    const rules = [...document.styleSheets].flatMap((s) => [...s.cssRules]).filter((r): r is CSSFontFaceRule => r instanceof CSSFontFaceRule);
    const wanted = rules.filter((r) => {
        const covers = r.style.getPropertyValue('unicode-range').toUpperCase();
        return /U\+0{0,4}-/.test(covers) || covers === '' || (isArabic && /U\+0?600/.test(covers));
    });
    const texts = await Promise.all(wanted.map(async (r) => {
        const url = /url\(["']?([^"')]+)/.exec(r.style.getPropertyValue('src'))?.[1];
        if (!url) return '';
        const at = new URL(url, r.parentStyleSheet?.href ?? document.baseURI).href;
        const answer = await fetch(at).catch(() => null);
        if (!answer?.ok) return '';
        const get = (k: string) => r.style.getPropertyValue(k);
        const family = get('font-family').replace(/"/g, '');
        return `@font-face{font-family:"${family}";font-weight:${get('font-weight') || '400'};src:url(data:font/woff2;base64,${base64(new Uint8Array(await answer.arrayBuffer()))}) format("woff2")${get('unicode-range') ? `;unicode-range:${get('unicode-range')}` : ''}}`;
    }));
    return texts.join('');
}
