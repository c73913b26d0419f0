import { UsageError } from './command.js';

/** How each shell asks `keepsake-mcp complete`, which gets the words so far, the last with a dot before it, so that none is empty. */
const scripts: Record<string, { script: string; install: string }> = {
  bash: {
    install: "echo 'source <(keepsake-mcp completion bash)' >> ~/.bashrc",
    script: `_keepsake_mcp() {
  local line current="\${COMP_WORDS[COMP_CWORD]}"
  local words=("\${COMP_WORDS[@]:1:COMP_CWORD-1}")
  COMPREPLY=()
  while IFS= read -r line; do
    if [[ $line == :files ]]; then
      compopt -o filenames 2>/dev/null
      while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "$current")
      return
    fi
    COMPREPLY+=("\${line%%$'\\t'*}")
  done < <(keepsake-mcp complete -- "\${words[@]}" ".$current" 2>/dev/null)
}
complete -F _keepsake_mcp keepsake-mcp`,
  },
  zsh: {
    install: "echo 'source <(keepsake-mcp completion zsh)' >> ~/.zshrc",
    script: `#compdef keepsake-mcp
_keepsake_mcp() {
  local line
  local -a lines found
  lines=("\${(@f)$(keepsake-mcp complete -- "\${(@)words[2,CURRENT-1]}" ".\${words[CURRENT]}" 2>/dev/null)}")
  if [[ \${lines[1]} == :files ]]; then
    _files
    return
  fi
  for line in $lines; do
    found+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
  done
  _describe 'keepsake-mcp' found
}
(( $+functions[compdef] )) || { autoload -Uz compinit && compinit; }
compdef _keepsake_mcp keepsake-mcp`,
  },
  fish: {
    install: 'keepsake-mcp completion fish > ~/.config/fish/completions/keepsake-mcp.fish',
    script: `function __keepsake_mcp
    set -l words (commandline -opc)
    set -e words[1]
    set -l lines (keepsake-mcp complete -- $words .(commandline -ct) 2>/dev/null)
    if test "$lines[1]" = ':files'
        __fish_complete_path (commandline -ct)
    else
        printf '%s\\n' $lines
    end
end
complete -c keepsake-mcp -f -a '(__keepsake_mcp)'`,
  },
  powershell: {
    install: 'keepsake-mcp completion powershell >> $PROFILE',
    script: `Register-ArgumentCompleter -Native -CommandName keepsake-mcp -ScriptBlock {
  param($current, $ast, $position)
  $words = @($ast.CommandElements | Select-Object -Skip 1 | Where-Object { $_.Extent.EndOffset -lt $position } | ForEach-Object { $_.ToString() })
  $lines = @(& keepsake-mcp complete -- @words ".$current" 2>$null)
  if ($lines.Count -gt 0 -and $lines[0] -eq ':files') { return }
  foreach ($line in $lines) {
    $value, $about = $line -split "\`t", 2
    if (-not $about) { $about = $value }
    [System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', $about)
  }
}`,
  },
};

/** The shells that there is a script for. */
export const shells = Object.keys(scripts);

/** Prints the script for a shell, and how it is kept. Resolves with the exit code 0. Raises UsageError for a shell that is not known. */
export async function printCompletionScript(shell: string): Promise<number> {
  if (shell === '') throw new UsageError(`usage: keepsake-mcp completion ${shells.join('|')}`);
  const found = scripts[shell === 'pwsh' ? 'powershell' : shell];
  if (!found) throw new UsageError(`there is no completion for ${JSON.stringify(shell)}; known are ${shells.join(', ')}`);
  process.stdout.write(`# To keep it: ${found.install}\n${found.script}\n`);
  return 0;
}
