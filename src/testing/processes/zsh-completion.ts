/**
 * Creates a script that prints zsh's completions of a command line, one per line. zsh completes only in its line editor, so the script starts an
 * editor in a pseudo-terminal (zsh/zpty) and types the words and a tab.
 */
export const createZshCaptureScript = (script: string, words: readonly string[]): string => `
zmodload zsh/zpty
zpty editor zsh -f -i
cat > setup.zsh <<'SETUP'
PROMPT=
autoload -Uz compinit; compinit -u -D
source ${script}
bindkey ^M undefined; bindkey ^J undefined; bindkey ^I complete-word
mark() { echo -E - $'\\0' }
compprefuncs=(mark); comppostfuncs=(mark exit)
zstyle ":completion:*" insert-tab false
compadd() {
  if [[ \${@[1,(i)(-|--)]} == *-(O|A|D)\\ * ]]; then builtin compadd "$@"; return $?; fi
  typeset -a hits
  builtin compadd -A hits "$@"
  local hit
  for hit in $hits; do echo -E - $IPREFIX$hit; done
}
echo ready
SETUP
zpty -w editor source $PWD/setup.zsh
while zpty -r editor line; do [[ $line == *ready* ]] && break; done
zpty -w editor '${words.join(" ")}'$'\\t'
integer inside=0
while zpty -r editor; do :; done | while IFS= read -r line; do
  if [[ $line == *$'\\0\\r' ]]; then (( inside++ )) && break || continue; fi
  (( inside )) && echo -E - \${line%$'\\r'}
done
true
`;
