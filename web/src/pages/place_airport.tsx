// An airport, or which airports there are movements at.
import { circle } from '../data/coverage';
import { cityOf } from '../data/airports';
import { altitude, position } from '../format';
import { countryName } from '../names';
import { Ltr, PageLink, useAirports } from '../ui/parts';
import { t } from '../words';
import type { PageProps } from '.';
import { PlaceView, type Place } from './place';
import { PlaceIndex } from './place_index';

const HEARD_KM = 40; // around the field: an approach

function useAirport(code: string): Place {
    const a = useAirports().get(code);
    const known = a && (
        <>
            <PageLink page="country" args={{ country: a.country }}><bdi>{countryName(a.country)}</bdi></PageLink> · <bdi>{a.name}</bdi> · {t('place.elevation')} <bdi>{altitude(a.elevationFt).join(' ')}</bdi> · <Ltr>{position(a.lat, a.lon, 3)}</Ltr> · <a href={`#map=${a.lat.toFixed(4)},${a.lon.toFixed(4)},9.5`}>{t('evidence.onMap')}</a>
        </>
    );
    return {
        filter: { airport: code },
        area: a ? circle(a.lat, a.lon, HEARD_KM) : null,
        title: <>{a && <bdi>{cityOf(a)} </bdi>}<bdi class="ltr mut">{code}{a?.iata && ` / ${a.iata}`}</bdi></>,
        named: code,
        sub: known ?? t('place.notListed'),
        isOneField: true,
    };
}

function One({ code, args }: { code: string; args: PageProps['args'] }) {
    return <PlaceView of={useAirport(code)} args={args} />;
}

export default function AirportPage({ args }: PageProps) {
    return args.airport ? <One key={args.airport} code={args.airport.toUpperCase()} args={args} /> : <PlaceIndex args={args} />;
}
