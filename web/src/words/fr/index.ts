// French.
import type { Messages } from '../en';
import { claims } from './claims';
import { desk } from './desk';
import { hearing } from './hearing';
import { movements } from './movements';
import { pages } from './pages';
import { operation } from './operation';
import { picture } from './picture';
import { watches } from './watches';

export const fr: Messages = { ...desk, ...claims, ...movements, ...pages, ...picture, ...operation, ...watches, ...hearing };
