// Where the selection is going or stands, how sure that is, and the candidates: the sentence first, then
// bars. Of false positions nothing is concluded.
import { useCell } from '../cell';
import { claimBand, leading, movement, spoofing, wasSpoofed, type Claim, type LedgerEvent, type Movement } from '../data/movement';
import { sky } from '../data/sky';
import { percent, zSpan } from '../format';
import { placeNames } from '../places';
import { t, type MessageKey } from '../words';
import { Spoofed } from './icons';
import { Id, PageLink, Span, SureGlyph, useAirports } from './parts';

const MOST = 5;
const FALSE_BY: Record<string, MessageKey> = {
    teleport: 'false.teleport', integrity: 'false.integrity', air_data: 'false.airData', stationary: 'false.stationary', profile: 'false.slow',
};
const epoch = (text: string) => Date.parse(text) / 1000;

/* A sentence begins with a capital where the script has them. */
export const sentence = (s: string) => s.charAt(0).toLocaleUpperCase() + s.slice(1);

function Bars({ c }: { c: Claim }) {
    useAirports();
    const rest = Math.max(0, 1 - c.candidates.slice(0, MOST).reduce((sum, k) => sum + k.p, 0));
    return (
        <dl class="bars">
            {c.candidates.slice(0, MOST).map((k, i) => (
                <div key={k.airport} class={i ? '' : 'first'}>
                    <dt><PageLink page="airport" args={{ airport: k.airport }}><bdi>{placeNames(k.airport, k.name)}</bdi> <bdi class="ltr mut">{k.airport}</bdi></PageLink></dt>
                    <dd><i style={{ inlineSize: `${k.p * 100}%` }} /></dd>
                    <dd class="n"><bdi class="ltr">{percent(k.p)}</bdi></dd>
                </div>
            ))}
            <div class="rest"><dt>{t('panel.notListed')}</dt><dd><i style={{ inlineSize: `${rest * 100}%` }} /></dd><dd class="n"><bdi class="ltr">{percent(rest)}</bdi></dd></div>
        </dl>
    );
}

function From({ m }: { m: Movement }) {
    const c = m.from;
    const first = c?.candidates[0];
    if (!c || !first || c.kind !== 'took_off') return null;
    return (
        <p class="sec sm">
            <SureGlyph band={claimBand(c)} /> {sentence(t('say.tookOff', claimBand(c), placeNames(first.airport, first.name)))} <Id>{first.airport}</Id> <Span lo={epoch(c.t_lo)} hi={epoch(c.t_hi)} />
        </p>
    );
}

/* Arrival is told where the interval says something: less than half a day. */
function Arrival({ c }: { c: Claim }) {
    const [lo, hi] = [epoch(c.t_lo), epoch(c.t_hi)];
    const first = c.candidates[0];
    if (!first || !(hi - lo < 43_200) || claimBand(c) === 'unknown') return null;
    return <p class="mut sm">{t('panel.arrival', zSpan(lo, hi), placeNames(first.airport, first.name))}</p>;
}

export function Bound() {
    const m = useCell(movement);
    useCell(sky.version); // in the past, time decides what is false
    return m && <BoundOf m={m} />;
}

/* For a reader to whom it is new that an aircraft may say where it is not: what is wrong, since when, what follows. */
function False({ e }: { e: LedgerEvent }) {
    return (
        <section class="bound false" aria-label={t('false.title')}>
            <h3 class="lead spoofed"><Spoofed />{t('false.title')}</h3>
            <p>{t('false.what')}</p>
            <ul>{e.rules.map((r) => FALSE_BY[r] && <li key={r}>{t(FALSE_BY[r])}</li>)}</ul>
            <p class="sec">{t('false.when')} <Span lo={epoch(e.t_lo)} hi={epoch(e.t_hi)} /></p>
            <p>{t('false.so')}</p>
            <p class="mut sm">{t('false.cause')}</p>
        </section>
    );
}

/* Beside what is concluded of it, that its positions were false a while ago. */
function WasFalse({ m }: { m: Movement }) {
    const e = wasSpoofed(m);
    return e ? <p class="sm wasfalse"><Spoofed />{t('false.was')} <Span lo={epoch(e.t_lo)} hi={epoch(e.t_hi)} /></p> : null;
}

export function BoundOf({ m }: { m: Movement }) {
    const now = spoofing(m);
    if (now) return <False e={now} />;
    const lead = leading(m);
    if (!lead) return <section class="bound"><From m={m} /><WasFalse m={m} /></section>;
    const { claim, says } = lead;
    const band = claimBand(claim);
    const first = claim.candidates[0];
    const name = first && band !== 'unknown' ? placeNames(first.airport, first.name) : '';
    return (
        <section class="bound" aria-label={t('panel.destination')}>
            <h3 class="lead"><SureGlyph band={band} size={15} /> {sentence(says === 'say.bound' || !name ? t('say.bound', band, name) : t('say.landed', band, name))}</h3>
            {(says === 'say.bound' || claim.candidates.length > 1) && <Bars c={claim} />}
            {says === 'say.bound' && <Arrival c={claim} />}
            <From m={m} />
            <WasFalse m={m} />
        </section>
    );
}
