import { Field, TextInput } from '../../_ui/index.ts';

/** What a shell is called; empty is no name. The server's own bound is 64 characters. */
export function ShellNameField(props: { name: string; onChange: (name: string) => void }) {
  return (
    <Field label="Name" hint="On its tab and in the lists. Empty: it is called by its command.">
      {(control) => (
        <TextInput
          {...control}
          maxLength={64}
          value={props.name}
          onChange={(event) => props.onChange(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}
