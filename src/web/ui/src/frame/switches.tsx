/** Light or dark, and the way out. */
import type { JSX } from 'preact';
import { IconButton } from '../parts/button.tsx';
import { tellFault } from '../parts/toast.tsx';
import { isTokenNeeded, signOut } from '../session.ts';
import { chooseTheme, THEMES, theme } from '../theme.ts';

const THEME_ICONS = { auto: 'screen', light: 'sun', dark: 'moon' } as const;
const THEME_WORDS = { auto: 'as the system', light: 'light', dark: 'dark' } as const;

export function ThemeSwitch(): JSX.Element {
  const next = THEMES[(THEMES.indexOf(theme.value) + 1) % THEMES.length] ?? 'auto';
  return (
    <IconButton
      label={`Colours: ${THEME_WORDS[theme.value]}. Change to ${THEME_WORDS[next]}`}
      icon={THEME_ICONS[theme.value]}
      onClick={() => chooseTheme(next)}
    />
  );
}

export function SignOutButton(): JSX.Element | null {
  if (!isTokenNeeded.value) return null;
  return <IconButton label="Sign out" icon="signOut" onClick={() => void signOut().catch(tellFault)} />;
}
