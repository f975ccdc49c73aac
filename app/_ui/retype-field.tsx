import { Field, TextInput } from './field.tsx';

/** The name of what is about to be lost, to be typed once more. */
export function RetypeField(props: { name: string; value: string; onChange: (typed: string) => void }) {
  return (
    <Field
      label={
        <>
          Type <code className="text-bad">{props.name}</code> to go on
        </>
      }
    >
      {(control) => (
        <TextInput
          {...control}
          mono
          value={props.value}
          onChange={(event) => props.onChange(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}
