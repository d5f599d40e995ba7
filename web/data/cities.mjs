// City names in Arabic and French: our own list, then the cities that stand for time zones in Unicode CLDR.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';

const require = createRequire(import.meta.url);
const zones = (lang) => require(`cldr-dates-full/main/${lang}/timeZoneNames.json`).main[lang].dates.timeZoneNames.zone;

/* English name to name, over the tree of zones (Africa/Niamey, America/Argentina/Salta). */
function exemplars(lang, english = zones('en'), tree = zones(lang), found = new Map()) {
    for (const [key, value] of Object.entries(tree)) {
        if (typeof value !== 'object') continue;
        if (value.exemplarCity) found.set(english[key]?.exemplarCity ?? key.replaceAll('_', ' '), value.exemplarCity);
        else exemplars(lang, english[key] ?? {}, value, found);
    }
    return found;
}

function ours() {
    const lines = readFileSync(new URL('./cities.txt', import.meta.url), 'utf8').split('\n');
    return new Map(lines.filter((l) => l && !l.startsWith('#')).map((l) => l.split('|')).map(([key, ar, fr, en]) => [key, [ar, fr, en]]));
}

/* (icao, city) => { en, names: [arabic?, french?] }, names shortened at their end. */
export function cityNames() {
    const list = ours();
    const [ar, fr] = [exemplars('ar'), exemplars('fr')];
    return (icao, city) => {
        const short = city.split(/[/,(]/)[0].trim() || city;
        const own = list.get(icao) ?? list.get(short) ?? [];
        const en = own[2] ?? short;
        const french = own[0] ? own[1] || en : (fr.get(short) ?? en);
        const names = [own[0] ?? ar.get(short) ?? '', french !== en ? french : ''];
        while (names.length && !names[names.length - 1]) names.pop();
        return { en, names };
    };
}
