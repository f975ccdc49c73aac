import type { CommandSpec } from './command.ts';

/** The candidates come from `berth __complete`, so that names of guests and images are those of now. */
const SCRIPT = `# Completion of berth for bash. Load it with: source <(berth completion bash)
_berth() {
  local IFS=$'\\n'
  # A name such as debian/12 has no colon; words are taken as typed up to the cursor.
  local words=("\${COMP_WORDS[@]:1:COMP_CWORD}")
  COMPREPLY=($("\${COMP_WORDS[0]}" __complete -- "\${words[@]}" 2>/dev/null))
}
complete -o default -F _berth berth ./berth`;

export const completionBash: CommandSpec = {
  usage: '',
  about:
    'Load it with: source <(berth completion bash)\nFor every shell: berth completion bash > /etc/bash_completion.d/berth',
  names: { min: 0, max: 0, what: '' },
  run({ out }) {
    out.line(SCRIPT);
    return Promise.resolve(0);
  },
};
