/** Asks for the token, where one is needed. */
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { problemOf } from '../api.ts';
import { Button } from '../parts/button.tsx';
import { Field } from '../parts/field.tsx';
import { Lace } from '../parts/icons.tsx';
import { signIn, tokenProblem } from '../session.ts';

export function Login(): JSX.Element {
  const token = useSignal('');
  const isBusy = useSignal(false);
  const submit = async (): Promise<void> => {
    isBusy.value = true;
    try {
      await signIn(token.value.trim());
    } catch (fault) {
      const problem = problemOf(fault);
      tokenProblem.value = problem.status === 401 ? 'This is not the token of this server.' : problem.message;
    }
    isBusy.value = false;
  };
  return (
    <main class="login">
      <form
        class="login-card"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <Lace size={44} />
        <h1>Bootlace</h1>
        <p class="login-about">
          This server asks for its token. It stands in the file below, and in the QR code that the server shows when it starts.
        </p>
        <Field
          label="Token"
          type="password"
          value={token.value}
          onInput={(value) => {
            token.value = value;
            tokenProblem.value = undefined;
          }}
          problem={tokenProblem.value}
          hint="web-token, in the folder that server.dataDir names"
          autoComplete="current-password"
          maxLength={256}
          isFirst
        />
        <Button kind="primary" type="submit" isBusy={isBusy.value} isDisabled={token.value.trim() === ''}>
          Sign in
        </Button>
      </form>
    </main>
  );
}
