/** A field to search in: `/` leads to it from anywhere in a view, Esc empties it and leads back. */
import type { JSX } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { Icon } from './icons.tsx';
import { isTyping } from './keyboard.ts';

export interface SearchBoxProps {
  readonly label: string;
  readonly value: string;
  readonly onInput: (value: string) => void;
  /** Esc or Enter was pressed: the list takes over. */
  readonly onLeave?: () => void;
}

export function SearchBox({ label, value, onInput, onLeave }: SearchBoxProps): JSX.Element {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      if (event.key !== '/' || event.ctrlKey || event.metaKey || isTyping(event)) return;
      event.preventDefault();
      input.current?.focus();
      input.current?.select();
    };
    document.addEventListener('keydown', listen);
    return () => document.removeEventListener('keydown', listen);
  }, []);
  return (
    <div class="search-box">
      <label for={id} class="unseen">
        {label}
      </label>
      <Icon name="search" size={18} />
      <input
        id={id}
        ref={input}
        class="input"
        type="search"
        value={value}
        placeholder={label}
        autocomplete="off"
        spellcheck={false}
        onInput={(event) => onInput(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape' && event.key !== 'Enter') return;
          event.preventDefault();
          if (event.key === 'Escape') onInput('');
          input.current?.blur();
          onLeave?.();
        }}
      />
      <kbd class="search-key">/</kbd>
    </div>
  );
}
