/** Things to fill in: each has its label, and says what is wrong with it beside it. */
import type { JSX } from 'preact';
import { useId } from 'preact/hooks';
import { Icon } from './icons.tsx';

export interface FieldProps {
  readonly label: string;
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly type?: 'text' | 'password';
  readonly hint?: string | undefined;
  /** What is wrong with it. */
  readonly problem?: string | undefined;
  readonly placeholder?: string;
  readonly isRequired?: boolean;
  /** It is what the visitor came for: the keyboard starts here. */
  readonly isFirst?: boolean;
  readonly autoComplete?: string;
  readonly maxLength?: number;
  /** The id of a `datalist` with what it could be. */
  readonly list?: string;
}

export function Field(props: FieldProps): JSX.Element {
  const id = useId();
  const { label, value, onInput, type = 'text', hint, problem } = props;
  const told = [hint !== undefined && `${id}-hint`, problem !== undefined && `${id}-problem`].filter(Boolean).join(' ');
  const input = {
    id,
    class: 'input',
    value,
    onInput: (event: { readonly currentTarget: HTMLInputElement }) => onInput(event.currentTarget.value),
    placeholder: props.placeholder,
    required: props.isRequired,
    ref: props.isFirst === true ? focusOnce : null,
    autocomplete: props.autoComplete ?? 'off',
    spellcheck: false,
    maxLength: props.maxLength,
    'aria-invalid': problem !== undefined,
    'aria-describedby': told === '' ? undefined : told,
  };
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {type === 'password' ? <input type="password" {...input} /> : <input type="text" {...input} />}
      {hint !== undefined && (
        <p class="field-hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {problem !== undefined && (
        <p class="field-problem" id={`${id}-problem`}>
          <Icon name="alert" size={16} /> {problem}
        </p>
      )}
    </div>
  );
}

function focusOnce(input: HTMLInputElement | null): void {
  input?.focus();
}

export interface SelectProps<V extends string> {
  readonly label: string;
  readonly value: V;
  readonly options: readonly { readonly value: V; readonly title: string }[];
  readonly onChange: (value: V) => void;
  /** The label is there for who does not see it alone. */
  readonly isLabelHidden?: boolean;
}

export function Select<V extends string>({ label, value, options, onChange, isLabelHidden = false }: SelectProps<V>): JSX.Element {
  const id = useId();
  return (
    <div class="field">
      <label for={id} class={isLabelHidden ? 'unseen' : undefined}>
        {label}
      </label>
      <span class="select">
        <select
          id={id}
          class="input"
          value={value}
          onChange={(event) => {
            const chosen = options.find((option) => option.value === event.currentTarget.value);
            if (chosen !== undefined) onChange(chosen.value);
          }}
        >
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.title}
            </option>
          ))}
        </select>
        <Icon name="down" size={16} />
      </span>
    </div>
  );
}

export interface CheckboxProps {
  readonly label: string;
  readonly isChecked: boolean;
  readonly onChange: (isChecked: boolean) => void;
}

export function Checkbox({ label, isChecked, onChange }: CheckboxProps): JSX.Element {
  return (
    <label class="checkbox">
      <input type="checkbox" checked={isChecked} onChange={(event) => onChange(event.currentTarget.checked)} />
      <span>{label}</span>
    </label>
  );
}
