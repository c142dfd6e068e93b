# Completion of sevlog for bash.  Enable it with this line in ~/.bashrc:  eval "$(sevlog completion bash)"

_sevlog_completion() {
    local row
    COMPREPLY=()
    # shellcheck disable=SC2097,SC2098  # only the program gets these values
    while IFS= read -r row; do
        case $row in
            plain,*) COMPREPLY+=("${row#plain,}") ;;
            part,*) COMPREPLY+=("${row#part,}"); compopt -o nospace 2>/dev/null ;;
            dir,*) compopt -o dirnames 2>/dev/null ;;
            file,*) compopt -o default 2>/dev/null ;;
        esac
    done < <(
        _SEVLOG_COMPLETE=bash_complete COMP_LINE="${COMP_LINE:0:COMP_POINT}" COMP_TYPE="$COMP_TYPE" \
            COMP_WORDBREAKS="$COMP_WORDBREAKS" COLUMNS="$COLUMNS" "${1/#\~\//$HOME/}" 2>/dev/null </dev/null
    )
}

complete -o nosort -F _sevlog_completion sevlog 2>/dev/null || complete -F _sevlog_completion sevlog
