# Completion of sevlog for fish.  Enable it with:
#   sevlog completion fish > ~/.config/fish/completions/sevlog.fish

function _sevlog_completion
    set -l program (string replace -r '^~/' $HOME/ -- (commandline -opc)[1])
    for row in (env _SEVLOG_COMPLETE=fish_complete COMP_LINE=(commandline -cp | string collect) $program 2>/dev/null </dev/null)
        set -l told (string split -m 1 , -- $row)
        switch $told[1]
            case dir
                __fish_complete_directories $told[2]
            case file
                __fish_complete_path $told[2]
            case '*'
                printf '%s\n' $told[2]
        end
    end
end

complete --command sevlog --no-files --arguments '(_sevlog_completion)'
