# Completes wherry in fish: the words come from `wherry __complete`.

function __wherry_complete
    set -l words (commandline -opc)
    set -l typed (commandline -ct)
    set -l program $words[1]
    type -q -- $program; or set program wherry
    set -l lines ($program __complete $words[2..-1] "$typed" 2>/dev/null </dev/null)
    switch "$lines[-1]"
        case ':files'
            # Of --flag=path only the path is one.
            if string match -q -- '--*=*' $typed
                set -l flag (string replace -r -- '=.*' = $typed)
                printf "$flag%s\n" (__fish_complete_path (string replace -r -- '^[^=]*=' '' $typed))
            else
                __fish_complete_path $typed
            end
        case ':folders'
            __fish_complete_directories $typed ''
        case '*'
            printf '%s\n' $lines
    end
end

complete -c wherry -f -k -a '(__wherry_complete)'
