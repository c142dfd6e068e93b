#compdef sevlog
# Completion of sevlog for zsh.  Enable it with this line in ~/.zshrc, below compinit:
#   eval "$(sevlog completion zsh)"
# or save it as a file named _sevlog in a folder of $fpath.

_sevlog() {
    local -a rows plain parts
    local kind word about
    rows=("${(@f)$(_SEVLOG_COMPLETE=zsh_complete COMP_LINE="${(j: :)words[1,CURRENT-1]} $PREFIX" \
        ${(Q)words[1]/#\~\//$HOME/} 2>/dev/null </dev/null)}")
    for kind word about in "${rows[@]}"; do
        word=${word//:/\\:}
        [[ $about == _ ]] || word+=":$about"
        case $kind in
            plain) plain+=("$word") ;;
            part) parts+=("$word") ;;
            dir) _path_files -/ ;;
            file) _path_files ;;
            list) compstate[insert]= compstate[list]='list force' ;;
        esac
    done
    (( $#plain )) && _describe -V sevlog plain -U
    (( $#parts )) && _describe -V sevlog parts -U -S ''
}

if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    _sevlog "$@"
else
    compdef _sevlog sevlog
fi
